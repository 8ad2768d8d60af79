/** Until when a call may be at work. What it claims stays claimed until then if it dies, so it is no longer than needed. */
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { Call } from './deps.ts';

/** helm is ended a minute before the hard end. */
const MARGIN_MINUTES = 1;

/** The call's hard end: the invocation's own, or the package's timeout and a minute, whichever is sooner. */
export function bounded(call: Call, { timeoutMinutes }: Pick<DeploymentItem, 'timeoutMinutes'>, now: Date): Call {
  const enough = now.getTime() + (Math.max(1, timeoutMinutes) + MARGIN_MINUTES) * 60_000;
  return { ...call, hardEnd: new Date(Math.min(call.hardEnd.getTime(), enough)) };
}
