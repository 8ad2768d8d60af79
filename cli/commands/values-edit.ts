import type { Call, Command } from '../command.ts';
import { answer } from '../connect.ts';
import { Failed } from '../failure.ts';
import { given } from '../flags.ts';
import type { EditedFile, Ports } from '../ports.ts';
import { troubleIn } from '../values/checked-text.ts';
import { LAYER_FLAGS, LAYER_USAGE, type OpenLayer, openLayer } from '../values/open-layer.ts';
import { saveLayer } from '../values/save-layer.ts';
import { betweenLines } from '../values/told-between.ts';
import { latestOf, moved, tellSaved } from './values-put.ts';

export const valuesEdit: Command = {
  name: 'values edit',
  summary: 'Edit a layer of values in your editor ($VISUAL, $EDITOR); it is checked before it is written',
  usage: `PACKAGE ${LAYER_USAGE}`,
  flags: {
    advanced: { type: 'boolean', says: 'up to 8 KB as an advanced parameter, which AWS charges for' },
    ...LAYER_FLAGS,
  },
  examples: ['fairlead values edit webui --environment prod-eu', 'EDITOR="code --wait" fairlead values edit webui'],
  takes: [1, 1],

  async run(call, ports) {
    const layer = await openLayer(call, ports);
    const { version, text = '' } = await latestOf(layer);
    const file = await ports.editedFile(layer.name);
    const found = await edited(ports, file, text).catch(async (error: unknown) => {
      // An editor that ends badly (`:cq`) is how people say no.
      await file.remove();
      throw error;
    });
    if (found.is === 'same') {
      await file.remove();
      answer(call, ports, { name: layer.name, version, unchanged: true }, () => ['unchanged: nothing was written']);
      return 0;
    }
    // What somebody has typed is not thrown away, whatever becomes of it from here.
    const kept = (error: unknown) => withFile(error, file);
    if (found.is === 'broken')
      throw withFile(new Failed(`${layer.name}: what you saved ${found.because}: nothing was written`, 1), file);
    const code = await save(call, ports, layer, { base: version, before: text, text: found.text }).catch(
      (error: unknown) => {
        throw kept(error);
      },
    );
    await file.remove();
    return code;
  },
};

type Edited =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'same' }
  | { readonly is: 'broken'; readonly because: string };

const MARK = '# fairlead: ';

/** Opens the editor until what is saved can be read, or is saved as it was found. */
async function edited(ports: Ports, file: EditedFile, before: string): Promise<Edited> {
  let text = before;
  let trouble: string | undefined;
  for (;;) {
    const shown =
      trouble === undefined
        ? text
        : `${MARK}what you saved ${trouble}\n${MARK}mend it, or save it as it is to give up\n${text}`;
    const saved = withoutMarks(await file.edit(shown));
    if (saved === before) return { is: 'same' };
    if (trouble !== undefined && saved === text) return { is: 'broken', because: trouble };
    text = saved;
    const found = troubleIn(ports, text);
    if (found === undefined) return { is: 'text', text };
    // The lines that it names are those of the file with our own two before it, as it is opened again.
    trouble = troubleIn(ports, `#\n#\n${text}`) ?? found;
    ports.terminal.err(`what you saved ${trouble}`);
  }
}

const withoutMarks = (text: string): string => {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => !line.startsWith(MARK));
  return first <= 0 ? text : lines.slice(first).join('\n');
};

interface Own {
  readonly base: number;
  readonly before: string;
  readonly text: string;
}

async function save(call: Call, ports: Ports, layer: OpenLayer, { base, before, text }: Own): Promise<number> {
  const now = await latestOf(layer);
  if (now.version !== base) throw await moved(layer, base, now.version);
  const saved = await saveLayer(layer, { text, base, advanced: given(call.flags, 'advanced') });
  tellSaved(call, ports, layer, saved, { before, after: text });
  for (const line of await betweenLines(layer, base, saved.between)) ports.terminal.err(line);
  return saved.between.length > 0 ? 1 : 0;
}

function withFile(error: unknown, { path }: EditedFile): unknown {
  if (!(error instanceof Error)) return error;
  const exit = error instanceof Failed ? error.exit : 2;
  return new Failed(`${error.message}\nyour text is kept in ${path}`, exit);
}
