/** What a template of `Feature.yaml` computed, read as helm reads values. What is broken is told by line, never by text. */
import type { Document } from 'yaml';
import type { ReadYaml } from '../../domain/values/feature/compute-values.ts';
import { oddIn, tooMuch } from './odd-values.ts';
import { parseAsHelm } from './yaml-of-helm.ts';

const MAX_CHARACTERS = 1024 * 1024;
const MAX_ALIASES = 1000;

/** Any YAML, one value; no text is `null`. */
export const readYamlText: ReadYaml = (text) => {
  if (text.length > MAX_CHARACTERS) return { ok: false, because: `it has more than ${MAX_CHARACTERS} characters` };
  try {
    const { document, lines } = parseAsHelm(text);
    const [error] = [...document.errors, ...document.warnings];
    if (error === undefined) return plain(document);
    const { line, col } = lines.linePos(error.pos[0]);
    return { ok: false, because: `line ${line}, column ${col} (${error.code.toLowerCase().replaceAll('_', ' ')})` };
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) return { ok: false, because: 'it is nested too deep' };
    if (error instanceof ReferenceError)
      return { ok: false, because: 'it has an alias of nothing, or aliases of too much' };
    if (error instanceof Error && /merge/i.test(error.message))
      return { ok: false, because: 'it merges what is no map' };
    throw error;
  }
};

function plain(document: Document): ReturnType<ReadYaml> {
  const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
  const because = tooMuch(value) ?? oddIn(value, new Map());
  return because === undefined ? { ok: true, value } : { ok: false, because: `it ${because}` };
}
