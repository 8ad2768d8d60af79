/**
 * Has the execution of a rollout died without anybody being told? Every execution that acts leaves signs: events, waits
 * with an end, deployments with a deadline. When the last of them is long past, a new run takes over; should the old one
 * live after all, it finds that it is not the current one and stands down.
 */

import type { Time } from '../items/base.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { EventItem } from '../items/history.ts';
import type { RolloutItem, RunItem } from '../items/rollout.ts';
import type { WaitItem } from '../items/waiting.ts';
import { isInFlight, isOpen } from '../states.ts';

export interface SignsOfLife {
  readonly rollout: Pick<RolloutItem, 'state' | 'run' | 'abort'>;
  readonly asked?: Pick<RunItem, 'at'> | undefined;
  readonly wait?: Pick<WaitItem, 'until'> | undefined;
  readonly lastEvent?: Pick<EventItem, 'at'> | undefined;
  readonly deployments: readonly Pick<DeploymentItem, 'state' | 'deadline'>[];
}

const QUIET = 30 * 60_000;

/** Why a new run is due, if so. What is only `accepted` is `overdueStart`'s business. */
export function silentRun(signs: SignsOfLife, now: Date): string | undefined {
  const { rollout, asked, wait, lastEvent, deployments } = signs;
  if (!isOpen(rollout.state) || rollout.state === 'accepted') return undefined;
  const deadlines = deployments.flatMap(({ state, deadline }) => (isInFlight(state) ? [deadline] : []));
  // An abort ends every wait: that one was to last longer says nothing.
  const until = rollout.state === 'waiting' && rollout.abort === undefined ? wait?.until : undefined;
  const last = [asked?.at, lastEvent?.at, until, ...deadlines]
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
  if (last !== undefined && !isLongPast(last, now)) return undefined;
  return `run ${rollout.run} has been silent since ${last ?? 'its beginning'}`;
}

/** Whether half an hour has passed since then. */
export function isLongPast(time: Time, now: Date): boolean {
  return now.getTime() - Date.parse(time) >= QUIET;
}
