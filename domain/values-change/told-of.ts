/**
 * Which of very many changed layers does a rollout remember? It is written again with every step it takes, so not all: everybody
 * who changed one is there, for their say at gates, and the first by name of the rest.
 */
import type { ChangedParameter } from '../items/rollout.ts';

/** An ARN and a name each: some ten kilobytes. */
const MOST_TOLD = 50;

/** All of them where they are few; by name. */
export function toldOf(changed: readonly ChangedParameter[]): readonly ChangedParameter[] {
  const byName = changed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (byName.length <= MOST_TOLD) return byName;
  const firsts = new Set(new Map(byName.toReversed().map((one) => [one.by, one])).values());
  const rest = byName.filter((one) => !firsts.has(one)).slice(0, Math.max(0, MOST_TOLD - firsts.size));
  const kept = new Set([...firsts, ...rest]);
  return byName.filter((one) => kept.has(one));
}
