/** How does a plan stand? One that is worked on longer than its machine may run is worked on by nobody. */
import type { PlanItem, PlanState } from '../items/values.ts';

/** `TimeoutSeconds` of the `plan` machine. */
export const PLAN_SECONDS = 1800;

/** Until the stream has started it, through its retry queue, and until its end is told. */
const GRACE_SECONDS = 900;

export interface Standing {
  readonly state: PlanState;
  readonly because: string;
}

/** The state that counts now; what lost its execution without a word reads as `errored`, so that nobody waits for it. */
export function standingOf({ state, because, at }: Pick<PlanItem, 'state' | 'because' | 'at'>, now: Date): Standing {
  const seconds = (now.getTime() - Date.parse(at)) / 1000;
  if (state !== 'working' || seconds <= PLAN_SECONDS + GRACE_SECONDS) return { state, because };
  const minutes = Math.floor(seconds / 60);
  return { state: 'errored', because: `nobody has worked on it for ${minutes} minutes: plan again` };
}
