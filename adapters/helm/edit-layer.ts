/**
 * Changes single keys of a layer, so that comments, order, quotes and numbers stay as somebody wrote them. What comes out is read
 * again: it is what went in with very these keys changed, or nothing is answered.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Document, isScalar } from 'yaml';
import type { ChangedText } from '../../contracts/layer-store.ts';
import { isMap, type JsonMap } from '../../domain/json.ts';
import { type Path, pathText } from '../../domain/values/effective.ts';
import type { KeyChange } from '../../domain/values/layers/key-change.ts';
import { editText } from './edit-text.ts';
import { readLayerText } from './read-layer.ts';
import { parseAsHelm } from './yaml-of-helm.ts';

/** `text` with the changes made, in their order. */
export function changeLayer(text: string, changes: readonly KeyChange[]): ChangedText {
  let now = text;
  for (const change of changes) {
    const changed = changeOne(now, change);
    if (!changed.ok) return changed;
    now = changed.text;
  }
  return { ok: true, text: now };
}

function changeOne(text: string, change: KeyChange): ChangedText {
  const key = pathText(change.path);
  const before = readLayerText(text);
  if (!before.ok) return { ok: false, because: before.because };
  const through = noMapOn(before.values, change.path);
  if (through !== undefined) return { ok: false, because: `${key} goes through ${through}, which is no map` };
  const wanted =
    'set' in change ? withKey(before.values, change.path, change.set) : without(before.values, change.path);
  if (isDeepStrictEqual(wanted, before.values)) return { ok: true, text };
  for (const candidate of candidates(text, change)) {
    const after = readLayerText(candidate);
    if (after.ok && isDeepStrictEqual(after.values, wanted)) return { ok: true, text: candidate };
  }
  return {
    ok: false,
    because: `${key} cannot be changed alone, because of an anchor or a merge: edit the layer by hand`,
  };
}

/** The text with few characters changed; where that is not enough, the whole document written anew. */
function* candidates(text: string, change: KeyChange): Generator<string> {
  const small = editText(text, parseAsHelm(text).document, change);
  if (small !== undefined) yield small;
  const whole = wholly(text, change);
  if (whole !== undefined) yield whole;
}

/** Its lists as the layer has them. Undefined where the key is behind an alias, or an anchor that others need goes with it. */
function wholly(text: string, change: KeyChange): string | undefined {
  const { document } = parseAsHelm(text);
  try {
    if ('set' in change) setIn(document, change.path, change.set);
    else document.deleteIn(change.path);
    return document.toString({ lineWidth: 0, indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text) });
  } catch (error) {
    if (error instanceof Error && /alias|Expected YAML collection/i.test(error.message)) return undefined;
    throw error;
  }
}

function setIn(document: Document, path: Path, value: unknown): void {
  for (let length = 1; length < path.length; length++) {
    const here = document.getIn(path.slice(0, length), true);
    // `key:` with nothing behind it takes keys as an empty map does.
    if (isScalar(here) && here.value === null) document.setIn(path.slice(0, length), document.createNode({}));
  }
  document.setIn(path, document.createNode(value));
}

/** The key on the way to `path` that holds something else than a map. */
function noMapOn(values: JsonMap, path: Path): string | undefined {
  let here: unknown = values;
  for (const [index, key] of path.slice(0, -1).entries()) {
    here = isMap(here) ? here[key] : undefined;
    if (here === undefined || here === null) return undefined;
    if (!isMap(here)) return pathText(path.slice(0, index + 1));
  }
  return undefined;
}

function withKey(values: JsonMap, [key = '', ...rest]: Path, value: unknown): JsonMap {
  const below = own(values, key);
  const next = rest.length === 0 ? value : withKey(isMap(below) ? below : {}, rest, value);
  return Object.fromEntries([...Object.entries(values).filter(([name]) => name !== key), [key, next]]);
}

function without(values: JsonMap, [key = '', ...rest]: Path): JsonMap {
  const below = own(values, key);
  const others = Object.entries(values).filter(([name]) => name !== key);
  if (rest.length === 0) return Object.fromEntries(others);
  return isMap(below) ? Object.fromEntries([...others, [key, without(below, rest)]]) : values;
}

const own = (values: JsonMap, key: string) => (Object.hasOwn(values, key) ? values[key] : undefined);
