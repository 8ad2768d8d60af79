/** The end of a rollout, written down once: its state and outcome, its place in the queue given back, nobody left waiting. */
import { append } from '../events.ts';
import { keys } from '../keys.ts';
import type { Outcome, OutcomeCode } from '../outcome.ts';
import { type FinalRolloutState, isInFlight } from '../states.ts';
import { remove, replace, type Write } from '../table.ts';
import { endWait } from './end-wait.ts';
import type { WholeRollout } from './look-at-rollout.ts';

export interface RolloutEnding {
  readonly state: FinalRolloutState;
  readonly outcome: Outcome;
  readonly warning?: string | undefined;
}

/** Refusals of a plan that are ours to mend, not the author's. */
const OURS: readonly OutcomeCode[] = ['unreachable', 'internal'];

/** How a rollout ends whose plan was refused. */
export function refusedPlan(code: OutcomeCode, because: string): RolloutEnding {
  return { state: OURS.includes(code) ? 'errored' : 'failed', outcome: { code, because } };
}

/** How a rollout ends whose execution broke. The words of the error stay in the console: they can hold anything. */
export function brokenRun(error: string): RolloutEnding {
  const because = `our side broke (${error}): the Step Functions console shows where; roll out again`;
  return { state: 'errored', outcome: { code: 'internal', because } };
}

/** How an execution can end that has no last word of its own. */
export type Interruption = 'ABORTED' | 'TIMED_OUT' | 'FAILED';

/** How a rollout ends whose execution was ended from outside. */
export function interruptedRun(status: Interruption): RolloutEnding {
  if (status === 'FAILED') return brokenRun('its execution failed');
  const what = status === 'ABORTED' ? 'was stopped by hand' : 'ran out of time';
  const because = `its execution ${what}: what was under way ends by itself; roll out again when it has`;
  return { state: 'errored', outcome: { code: 'interrupted', because } };
}

/** The writes that end the rollout. */
export function finishRollout(seen: WholeRollout, ending: RolloutEnding, now: Date): Write[] {
  const { rollout, deployments, queue, wait, events } = seen;
  const at = now.toISOString();
  const { state, outcome, warning } = ending;
  const place = queue.find(({ rolloutId }) => rolloutId === rollout.id);
  const text = warning === undefined ? outcome.because : `${outcome.because} (warning: ${warning})`;
  return [
    replace(keys.rollout(rollout.id), rollout, {
      state,
      outcome,
      finishedAt: at,
      ...(warning !== undefined && { warning }),
      // What is under way ends by itself; the sweeper looks after it until then.
      ...(deployments.some((deployment) => isInFlight(deployment.state)) && { unsettled: true as const }),
    }),
    ...(place === undefined ? [] : [remove(keys.open(rollout.package, rollout.sequence), place)]),
    ...endWait(rollout.id, wait),
    ...append(rollout.id, events, [{ at, kind: 'rollout-finished', text, by: 'fairlead', state }]),
  ];
}
