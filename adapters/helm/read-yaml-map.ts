/** A file of YAML that holds a map, read as helm reads it; what is wrong is told with its line, never with its text. */
import { isMap, type JsonMap } from '../../domain/json.ts';
import { parseAsHelm } from './yaml-of-helm.ts';

const MOST_ALIASES = 1000;
const MOST_DEPTH = 100;

export type ReadYamlMap =
  | { readonly ok: true; readonly values: JsonMap }
  | { readonly ok: false; readonly because: string };

/** `file` goes before what is wrong. An empty file is an empty map. */
export function readYamlMap(file: string, bytes: Uint8Array): ReadYamlMap {
  const broken = (why: string): ReadYamlMap => ({ ok: false, because: `${file} ${why}` });
  const text = asText(bytes);
  if (text === undefined) return broken('is not UTF-8 text');
  const { document, lines } = parseAsHelm(text);
  const place = (at: number) => `line ${lines.linePos(at).line}`;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    return broken(`is not YAML at ${place(error.pos[0])} (${error.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  if (document.contents === null) return { ok: true, values: {} };
  try {
    const values: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    if (values === null) return { ok: true, values: {} };
    if (tooDeep(values, 0)) return broken(`is nested deeper than ${MOST_DEPTH} levels`);
    return isMap(values) ? { ok: true, values } : broken(`is not a map at ${place(document.contents.range?.[0] ?? 0)}`);
  } catch (error) {
    // The parser finds these faults only when it puts the parts together.
    if (error instanceof ReferenceError) return broken('uses more aliases than it may');
    if (error instanceof Error && /merge/i.test(error.message)) return broken('merges something that is no map');
    throw error;
  }
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function tooDeep(value: unknown, depth: number): boolean {
  if (depth > MOST_DEPTH) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((below) => tooDeep(below, depth + 1));
}
