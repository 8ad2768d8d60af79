/** Which keys differ between two maps of values, as changes that lead from one to the other. */
import { isMap, type JsonMap } from '../../json.ts';
import { sameJson } from '../../plan-diff/same-json.ts';
import type { Path } from '../effective.ts';

/** One key to be set, or to be taken out. */
export type KeyChange = { readonly path: Path } & ({ readonly set: unknown } | { readonly unset: true });

/** Maps are gone into, anything else is one value. */
export function keyChanges(before: JsonMap, after: JsonMap, at: Path = []): readonly KeyChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key): readonly KeyChange[] => {
    const path = [...at, key];
    if (!Object.hasOwn(after, key)) return [{ path, unset: true }];
    const [old, now] = [Object.hasOwn(before, key) ? before[key] : undefined, after[key]];
    if (isMap(old) && isMap(now)) return keyChanges(old, now, path);
    return Object.hasOwn(before, key) && sameJson(old, now) ? [] : [{ path, set: now }];
  });
}
