/** Until when a call may be at work. What it claims stays claimed until then if it dies, so it is no longer than needed. */
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { Call } from './deps.ts';

const MINUTE = 60_000;
/** helm is ended a minute before the hard end. */
const MARGIN_MINUTES = 1;
/** Of a claim that is renewed each minute: two renewals may be lost before helm is ended. */
const AHEAD_MINUTES = 5;

/** The call's hard end: the invocation's own, or the package's timeout and a minute, whichever is sooner. */
export function bounded(call: Call, { timeoutMinutes }: Pick<DeploymentItem, 'timeoutMinutes'>, now: Date): Call {
  const enough = now.getTime() + (Math.max(1, timeoutMinutes) + MARGIN_MINUTES) * MINUTE;
  const ends = call.hardEnd.getTime();
  return { ...call, hardEnd: new Date(Math.min(ends, enough)), cutShort: ends < enough };
}

/** The hard end of what the call claims, or renews, now. */
export function claimedUntil({ hardEnd, renews }: Call, now: Date): Date {
  if (renews === undefined) return hardEnd;
  return new Date(Math.min(hardEnd.getTime(), now.getTime() + AHEAD_MINUTES * MINUTE));
}
