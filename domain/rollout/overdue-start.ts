/** Was the start of this rollout's current run missed? Then it gets a new run, and the old one, should it still come, stands down. */
import type { RolloutItem, RunItem } from '../items/rollout.ts';

const MINUTE = 60_000;
const MOST_MINUTES = 60;

/**
 * Why a new run is due, if so: the rollout is still `accepted` a minute after its run was asked for. Each run gets twice
 * the time of the one before, up to an hour, so that a plan that takes long is not started over for ever.
 */
export function overdueStart(
  { state, run, createdAt }: Pick<RolloutItem, 'state' | 'run' | 'createdAt'>,
  asked: Pick<RunItem, 'at'> | undefined,
  now: Date,
): string | undefined {
  if (state !== 'accepted') return undefined;
  const minutes = Math.min(2 ** (run - 1), MOST_MINUTES);
  const since = Date.parse(asked?.at ?? createdAt);
  if (now.getTime() - since < minutes * MINUTE) return undefined;
  return `run ${run} did not get going within ${minutes} minute${minutes === 1 ? '' : 's'}`;
}
