/** A layer's text that may be written. */
import type { JsonMap } from '../../domain/json.ts';
import { WrongInvocation } from '../failure.ts';
import type { Ports } from '../ports.ts';

/** Why helm could not read this text as a layer; nothing when it can. Names the place and never the text. */
export function troubleIn({ layerTexts }: Pick<Ports, 'layerTexts'>, text: string): string | undefined {
  const odd = text.indexOf('\ufffd');
  if (odd >= 0) {
    const line = text.slice(0, odd).split('\n').length;
    return `has a character at line ${line} that is no text: save it as UTF-8`;
  }
  const read = layerTexts.read(text);
  if (!read.ok) return read.because;
  return isEmpty(read.values, text) ? 'is empty: a layer of values is a YAML map, such as replicas: 2' : undefined;
}

/** The file's text. @throws WrongInvocation naming the file, and the place of what is wrong in it */
export async function layerFile(ports: Ports, path: string): Promise<string> {
  const text = await ports.readFile(path).catch((error: unknown) => {
    throw new WrongInvocation(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const trouble = troubleIn(ports, text);
  if (trouble === undefined) return text;
  const hint = trouble.startsWith('is not a map') ? ': a layer of values is a YAML map, such as replicas: 2' : '';
  throw new WrongInvocation(`${path} ${trouble}${hint}`);
}

/** `{}` and comments are layers that set nothing; a file with nothing at all is a mistake. */
const isEmpty = (values: JsonMap, text: string) => Object.keys(values).length === 0 && text.trim() === '';
