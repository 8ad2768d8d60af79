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
import type { Life } from '../ports.ts';
import { isInFlight, isOpen } from '../states.ts';

export interface SignsOfLife {
  readonly rollout: Pick<RolloutItem, 'state' | 'run' | 'abort'>;
  readonly asked?: Pick<RunItem, 'at'> | undefined;
  readonly wait?: Pick<WaitItem, 'until'> | undefined;
  readonly lastEvent?: Pick<EventItem, 'at'> | undefined;
  readonly deployments: readonly Pick<DeploymentItem, 'state' | 'deadline'>[];
  /** Whether the run's execution goes on, where that was asked. */
  readonly execution?: Life | undefined;
}

const QUIET = 30 * 60_000;
/** What ended has this long to say so itself. */
const LAST_WORDS = 2 * 60_000;

/** Why a new run is due, if so. What is only `accepted` is `overdueStart`'s business. */
export function silentRun(signs: SignsOfLife, now: Date): string | undefined {
  const { rollout, asked, wait, lastEvent, deployments, execution } = signs;
  if (!isOpen(rollout.state) || rollout.state === 'accepted') return undefined;
  if (execution === 'over' && isQuiet([asked?.at, lastEvent?.at], now, LAST_WORDS)) {
    return `the execution of run ${rollout.run} is over, and the rollout is not`;
  }
  const deadlines = deployments.flatMap(({ state, deadline }) => (isInFlight(state) ? [deadline] : []));
  // An abort ends every wait: that one was to last longer says nothing.
  const until = rollout.state === 'waiting' && rollout.abort === undefined ? wait?.until : undefined;
  const signsSeen = [asked?.at, lastEvent?.at, until, ...deadlines];
  if (!isQuiet(signsSeen, now, QUIET)) return undefined;
  return `run ${rollout.run} has been silent since ${lastOf(signsSeen) ?? 'its beginning'}`;
}

function isQuiet(times: readonly (Time | undefined)[], now: Date, milliseconds: number): boolean {
  const last = lastOf(times);
  return last === undefined || now.getTime() - Date.parse(last) >= milliseconds;
}

const lastOf = (times: readonly (Time | undefined)[]) =>
  times
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);

/** Whether an execution that acts would have left a sign in the last two minutes. */
export function isStill(time: Time | undefined, now: Date): boolean {
  return isQuiet([time], now, LAST_WORDS);
}
