/** Reads a YAML or JSON file that the user named, and says file, place, wrong value and fix when it does not fit. */
import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { WrongInvocation } from './failure.ts';
import type { Ports } from './ports.ts';

/** The file's content as `schema` has it. @throws WrongInvocation naming file, line and field. */
export async function readDocument<S extends z.ZodType>(
  { readFile }: Pick<Ports, 'readFile'>,
  path: string,
  schema: S,
): Promise<z.output<S>> {
  const { document, counter } = parsed(path, await contentOf(readFile, path));
  const found = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (found.success) return found.data;
  const lines = found.error.issues.map((issue) => {
    const node =
      document.getIn(issue.path.map(String), true) ?? document.getIn(issue.path.slice(0, -1).map(String), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | null) : null;
    const line = range ? `:${counter.linePos(range[0]).line}` : '';
    return `${path}${line}: ${issue.path.join('.') || 'the document'}: ${issue.message}`;
  });
  throw new WrongInvocation(lines.join('\n'));
}

/** The file's text as it is, checked to be a YAML map. */
export async function readLayerText({ readFile }: Pick<Ports, 'readFile'>, path: string): Promise<string> {
  const content = await contentOf(readFile, path);
  const found: unknown = parsed(path, content).document.toJS({ maxAliasCount: 100 });
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return content;
  throw new WrongInvocation(
    `${path}: a layer of values is a YAML map, this is ${Array.isArray(found) ? 'a list' : `'${String(found)}'`}`,
  );
}

async function contentOf(readFile: Ports['readFile'], path: string): Promise<string> {
  try {
    return await readFile(path);
  } catch (error: unknown) {
    throw new WrongInvocation(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parsed(path: string, content: string) {
  const counter = new LineCounter();
  const document = parseDocument(content, { lineCounter: counter, prettyErrors: true });
  const [wrong] = document.errors;
  if (wrong === undefined) return { document, counter };
  const { line, col } = counter.linePos(wrong.pos[0]);
  throw new WrongInvocation(`${path}:${line}:${col}: not YAML: ${wrong.message.split('\n')[0]}`);
}
