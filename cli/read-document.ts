/** Reads a YAML or JSON file that the user named, and says file, place, wrong value and fix when it does not fit. */
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { WrongInvocation } from './failure.ts';
import type { Ports } from './ports.ts';

/** More than any person writes; fewer than would fill the memory. https://eemeli.org/yaml/#tojs-options */
const MOST_ALIASES = 100;

/** The file's content as `schema` has it. @throws WrongInvocation naming file, line and field. */
export async function readDocument<S extends z.ZodType>(
  { readFile }: Pick<Ports, 'readFile'>,
  path: string,
  schema: S,
): Promise<z.output<S>> {
  const { document, counter, value } = parsed(path, await contentOf(readFile, path));
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const lines = found.error.issues.flatMap(placesOf).map(({ field, words }) => {
    const offset = offsetOf(document, field);
    const line = offset === undefined ? '' : `:${counter.linePos(offset).line}`;
    return `${path}${line}: ${field.join('.') || 'the document'}: ${words}`;
  });
  throw new WrongInvocation(lines.join('\n'));
}

async function contentOf(readFile: Ports['readFile'], path: string): Promise<string> {
  try {
    return await readFile(path);
  } catch (error: unknown) {
    throw new WrongInvocation(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Told by place and kind of fault: the parser's own words would repeat what stands there, and values hold secrets. */
function parsed(path: string, content: string): { document: Document; counter: LineCounter; value: unknown } {
  const counter = new LineCounter();
  const document = parseDocument(content, { lineCounter: counter, logLevel: 'error' });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const { line, col } = counter.linePos(wrong.pos[0]);
    throw new WrongInvocation(`${path}:${line}:${col}: not YAML: ${wrong.code.toLowerCase().replaceAll('_', ' ')}`);
  }
  try {
    return { document, counter, value: document.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (error: unknown) {
    if (!(error instanceof ReferenceError)) throw error;
    const what = 'an alias of nothing, or aliases of too much';
    throw new WrongInvocation(`${path}: not YAML: ${what}: put text that begins with * in quotes`);
  }
}

interface Wrong {
  readonly field: readonly string[];
  readonly words: string;
}

/** Each unknown field is a place of its own, so that its own line is told. */
function placesOf(issue: z.core.$ZodIssue): readonly Wrong[] {
  const field = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...field, key], words: 'there is no such field' }));
  }
  if (issue.code === 'invalid_key') {
    return [{ field, words: issue.issues.map(({ message }) => message).join('; ') || issue.message }];
  }
  return [{ field, words: inOurWords(issue.message) }];
}

/** zod's own messages begin with a capital, and call a missing field `undefined`. */
function inOurWords(message: string): string {
  const [, expected] = /^Invalid input: expected (\w+), received undefined$/.exec(message) ?? [];
  if (expected !== undefined) return `missing, it is of type ${expected}`;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Where the field begins; where it is missing, what should have it. */
function offsetOf(document: Document, field: readonly string[]): number | undefined {
  for (let length = field.length; length > 0; length--) {
    const parent = document.getIn(field.slice(0, length - 1), true);
    const key = isMap(parent) ? parent.items.find((pair) => String(pair.key) === field[length - 1])?.key : undefined;
    const node = key ?? document.getIn(field.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0];
}
