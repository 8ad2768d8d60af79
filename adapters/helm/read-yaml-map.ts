/** A file of YAML that holds a map, read as helm reads it; what is wrong is told with its line, never with its text. */
import { isMap, type JsonMap } from '../../domain/json.ts';
import { tooMuch } from './odd-values.ts';
import { parseAsHelm } from './yaml-of-helm.ts';

const MOST_ALIASES = 1000;

export type ReadYamlMap =
  | { readonly ok: true; readonly values: JsonMap }
  | { readonly ok: false; readonly because: string };

/** `file` goes before what is wrong. An empty file is an empty map. */
export function readYamlMap(file: string, bytes: Uint8Array): ReadYamlMap {
  const text = asText(bytes);
  if (text === undefined) return { ok: false, because: `${file} is not UTF-8 text` };
  try {
    const read = mapIn(text);
    return read.ok ? read : { ok: false, because: `${file} ${read.because}` };
  } catch (error) {
    // The parser calls itself for each level, and finds some faults only when it puts the parts together.
    if (error instanceof RangeError) return { ok: false, because: `${file} is nested too deep` };
    if (error instanceof ReferenceError) return { ok: false, because: `${file} uses more aliases than it may` };
    if (error instanceof Error && /merge/i.test(error.message)) {
      return { ok: false, because: `${file} merges something that is no map` };
    }
    throw error;
  }
}

function mapIn(text: string): ReadYamlMap {
  const { document, lines } = parseAsHelm(text);
  const place = (at: number) => `line ${lines.linePos(at).line}`;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const because = `is not YAML at ${place(error.pos[0])} (${error.code.toLowerCase().replaceAll('_', ' ')})`;
    return { ok: false, because };
  }
  const values: unknown = document.contents === null ? null : document.toJS({ maxAliasCount: MOST_ALIASES });
  if (values === null) return { ok: true, values: {} };
  const much = tooMuch(values);
  if (much !== undefined) return { ok: false, because: much };
  if (isMap(values)) return { ok: true, values };
  return { ok: false, because: `is not a map at ${place(document.contents?.range?.[0] ?? 0)}` };
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
