/**
 * Which inputs were good in an environment, so that a rollback can go back to them? The last ten, each once: inputs that
 * prove good again move to the end, for they were the good ones last.
 */
import type { GoodInputs } from '../items/release.ts';

/** As many as helm keeps revisions by default (`helm upgrade --history-max`). */
export const MOST_GOOD = 10;

/** The list with `entry` as its newest, oldest first. */
export function rememberGood(known: readonly GoodInputs[] = [], entry: GoodInputs): readonly GoodInputs[] {
  return [...known.filter(({ inputsDigest }) => inputsDigest !== entry.inputsDigest), entry].slice(-MOST_GOOD);
}

/**
 * helm makes a new revision of what it rolls back to: inputs that stood as `before` stand as `now` from then on. Those of
 * a revision that was not ours have no entry, and nothing changes.
 */
export function movedOn(
  known: readonly GoodInputs[] | undefined,
  before: number | undefined,
  now: number,
): readonly GoodInputs[] | undefined {
  return known?.map((entry) => (entry.revision === before ? { ...entry, revision: now } : entry));
}
