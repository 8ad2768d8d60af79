/** Nothing waits for ever: a rollout that has been waiting for people or checks for a month ends, and says on what it waited. */
import type { RolloutItem } from '../../items/rollout.ts';
import type { Decision } from '../decision.ts';

const DAY = 86_400_000;
/** Since it got its place in the queue, or its last stage began: a pace and a soak of a week each are no waiting for others. */
export const MOST_WAIT_DAYS = 30;

/** The last moment that a rollout waits for others. */
export function lastWait({
  placedAt,
  createdAt,
  stages = {},
}: Pick<RolloutItem, 'placedAt' | 'createdAt' | 'stages'>): Date {
  const begun = Object.values(stages).flatMap(({ begunAt }) => begunAt ?? []);
  const since = Math.max(...[placedAt ?? createdAt, ...begun].map((time) => Date.parse(time)));
  return new Date(since + MOST_WAIT_DAYS * DAY);
}

/** The decision, unless it is to wait on what only others can end and the month is over. Soaks, paces and leases end by themselves. */
export function waitedTooLong(decision: Decision, rollout: RolloutItem, now: Date): Decision {
  if (decision.action !== 'wait' || decision.on === 'soak' || decision.on === 'pace' || decision.on === 'lease')
    return decision;
  const last = lastWait(rollout);
  if (now < last) return new Date(decision.until) > last ? { ...decision, until: last.toISOString() } : decision;
  const because = `waited ${MOST_WAIT_DAYS} days, at last on ${decision.on}: ${decision.because}; roll ${rollout.package} out again when that has ended`;
  return { action: 'finish', state: 'failed', outcome: { code: 'waited-too-long', because }, because };
}
