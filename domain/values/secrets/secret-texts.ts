/** Every text of resolved values that must not be seen. */
import { isMap } from '../../json.ts';
import type { Leaf } from '../effective.ts';
import { PLACEHOLDER } from './refer.ts';

/** A number that is shorter stands everywhere; a bool cannot be hidden by its text at all. */
const SHORTEST_NUMBER = 4;

/** `also` are secrets that values were made of: they may be part of something else. */
export function secretTexts(leaves: readonly Leaf[], also: Iterable<string>): readonly string[] {
  const hidden = leaves.flatMap(({ value, secret, origin, overrides }) =>
    [{ value, secret, origin }, ...overrides]
      // What the chart itself brings, anybody can read there.
      .filter((one) => one.secret && one.origin.of !== 'chart')
      .flatMap((one) => textsOf(one.value)),
  );
  return [...new Set([...hidden, ...also])].filter((text) => text !== '' && text !== PLACEHOLDER);
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return String(value).length < SHORTEST_NUMBER ? [] : [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isMap(value) ? Object.values(value).flatMap(textsOf) : [];
}
