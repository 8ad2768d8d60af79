/**
 * A key of `Feature.yaml` taken apart: dots nest, `\.` is a dot (fasit's rule). A key cannot be a value and hold others
 * at once.
 */
import type { Path } from '../effective.ts';
import { pathId } from '../effective.ts';

export type SplitKey = { readonly ok: true; readonly path: Path } | { readonly ok: false; readonly because: string };

const DEEPEST = 50;

export function splitKey(key: string): SplitKey {
  const path = key.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
  if (key === '') return { ok: false, because: 'a key is empty: name the value in values.yaml' };
  if (path[0] === '') return { ok: false, because: "a key begins with a dot: leave it out, or write '\\.' for a dot" };
  if (path.at(-1) === '')
    return { ok: false, because: "a key ends with a dot: leave it out, or write '\\.' for a dot" };
  if (path.includes(''))
    return { ok: false, because: "two dots in a row: write '\\.' for a dot that is part of a key" };
  if (path.length > DEEPEST) return { ok: false, because: `nested deeper than ${DEEPEST} levels` };
  return { ok: true, path };
}

/** Keys that are above others: `ingress` beside `ingress.host`; each with one that is below it. */
export function notNestable(
  values: readonly { readonly key: string; readonly path: Path }[],
): readonly { readonly key: string; readonly below: string }[] {
  const below = new Map<string, string>();
  for (const { key, path } of values) {
    for (let length = 1; length < path.length; length++) {
      const above = pathId(path.slice(0, length));
      if (!below.has(above)) below.set(above, key);
    }
  }
  return values.flatMap(({ key, path }) => {
    const found = below.get(pathId(path));
    return found === undefined ? [] : [{ key, below: found }];
  });
}
