/** Looking into values by path, where a key may be called anything, `constructor` too. */
import { isMap, type JsonMap } from '../../json.ts';
import type { Path } from '../effective.ts';

export type AtPath =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'absent' }
  /** Something that is no map stands above it, at the first `length` keys. */
  | { readonly is: 'cut'; readonly length: number; readonly value: unknown };

export function atPath(values: JsonMap, path: Path): AtPath {
  let here: unknown = values;
  for (const [index, key] of path.entries()) {
    if (!isMap(here)) return { is: 'cut', length: index, value: here };
    if (!Object.hasOwn(here, key)) return { is: 'absent' };
    here = here[key];
  }
  return { is: 'value', value: here };
}

/** A map with nothing but `value` at `path`. */
export function nested(path: Path, value: unknown): JsonMap {
  const inner = path.reduceRight<unknown>((below, key) => Object.fromEntries([[key, below]]), value);
  return isMap(inner) ? inner : {};
}

/** Every value that is no map with anything in it. */
export function leavesIn(values: JsonMap): readonly { readonly path: Path; readonly value: unknown }[] {
  const found: { path: Path; value: unknown }[] = [];
  const visit = (value: unknown, path: Path) => {
    if (isMap(value) && Object.keys(value).length > 0) {
      for (const [key, below] of Object.entries(value)) visit(below, [...path, key]);
    } else if (path.length > 0) found.push({ path, value });
  };
  visit(values, []);
  return found;
}

/** Whether `path` is `above` or stands below it. */
export const startsWith = (path: Path, above: Path): boolean =>
  above.length <= path.length && above.every((key, index) => path[index] === key);
