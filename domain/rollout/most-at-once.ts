/** Deployments a round: their attempts are raised in one transaction of 100 writes, with the rollout, its wait (and who wakes it) and its history. */
export const MOST_AT_ONCE = 95;

/**
 * As many as one decision sends off. A part is done before the next begins, so one that is not the last is a multiple of
 * what runs at once: 100, 40 at once, go as 80 and 20, three times the length of one; as 95 and 5 they took four.
 */
export function partOf<T>(all: readonly T[], maxParallel: number): readonly T[] {
  if (all.length <= MOST_AT_ONCE) return all;
  return all.slice(0, Math.max(1, Math.floor(MOST_AT_ONCE / maxParallel)) * maxParallel);
}
