/** YAML or JSON that a workflow's author wrote, as its schema has it. */
import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { wrongInput } from './stopped.ts';

/** More than any person writes; fewer than would fill the memory. https://eemeli.org/yaml/#tojs-options */
const MOST_ALIASES = 100;

/**
 * Parses `text` and checks it.
 * @param source how people call it: `values`, or `stages-file (path)`
 * @throws Stopped naming source, place and what is wrong; never the text itself, which may hold secrets
 */
export function readYaml<S extends z.ZodType>(text: string, source: string, schema: S): z.output<S> {
  const found = schema.safeParse(parsed(text, source));
  if (found.success) return found.data;
  const lines = found.error.issues.map(({ path, message }) => {
    const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return `${source}${at}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  });
  throw wrongInput(lines.join('\n'));
}

function parsed(text: string, source: string): unknown {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const { line, col } = counter.linePos(wrong.pos[0]);
    throw wrongInput(`${source}: line ${line}, column ${col}: not YAML: ${wrong.message.split('\n')[0]}`);
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error: unknown) {
    // An alias of nothing, or aliases of aliases of aliases.
    throw wrongInput(`${source}: not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
