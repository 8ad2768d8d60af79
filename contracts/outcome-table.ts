/** One table from what happened to the exit code that the command line and the Action give it (docs/reference/exit-codes.md). */
import type { OutcomeCode } from '../domain/outcome.ts';
import type { RolloutState } from '../domain/states.ts';
import { PROBLEMS } from './api/problem.ts';

export const EXIT = {
  success: 0,
  failure: 1,
  error: 2,
  'superseded or aborted': 3,
  'no environment matched': 4,
  unavailable: 5,
  'wrong invocation': 6,
  internal: 7,
  'values or template': 8,
  timeout: 9,
  interrupted: 130,
} as const;

/** What the exit code of a rollout is when its outcome says nothing more exact. */
export const EXIT_OF_STATE: Readonly<Record<RolloutState, number>> = {
  accepted: EXIT.timeout,
  running: EXIT.timeout,
  waiting: EXIT.timeout,
  succeeded: EXIT.success,
  failed: EXIT.failure,
  errored: EXIT.error,
  aborted: EXIT['superseded or aborted'],
  superseded: EXIT['superseded or aborted'],
};

/** Outcome codes that are more exact than the state they come with. */
export const EXIT_OF_OUTCOME: Readonly<Partial<Record<OutcomeCode, number>>> = {
  'nothing-matched': EXIT['no environment matched'],
  // Whatever failed within the budget before it, the gate is why it ended.
  'gate-expired': EXIT.failure,
  'status-failed': EXIT.failure,
  'values-broken': EXIT['values or template'],
  'values-missing': EXIT['values or template'],
  'template-broken': EXIT['values or template'],
};

interface Ended {
  readonly state: RolloutState;
  readonly outcome?: { readonly code: OutcomeCode } | undefined;
  readonly deployments?: readonly { readonly outcome?: { readonly code: OutcomeCode } | undefined }[];
}

/**
 * The exit code of a rollout. A failed one whose every failure is about values or templates says so (8), because then
 * its author has to act and not the person on call.
 */
export function exitOfRollout({ state, outcome, deployments = [] }: Ended): number {
  const own = outcome && EXIT_OF_OUTCOME[outcome.code];
  if (own !== undefined) return own;
  if (state !== 'failed') return EXIT_OF_STATE[state];
  const exits = new Set(
    deployments.flatMap((d) => (d.outcome && isBad(d.outcome.code) ? [EXIT_OF_OUTCOME[d.outcome.code]] : [])),
  );
  const [only] = exits;
  return exits.size === 1 && only !== undefined ? only : EXIT_OF_STATE[state];
}

const FINE: readonly OutcomeCode[] = ['ready', 'unchanged', 'disabled', 'held', 'stopped', 'superseded'];
const isBad = (code: OutcomeCode) => !FINE.includes(code);

/** The exit code of a refusal of the API, by its problem type; one that this version does not know is our mistake. */
export function exitOfProblem(type: string): number {
  return Object.hasOwn(PROBLEMS, type) ? PROBLEMS[type as keyof typeof PROBLEMS].exit : EXIT.internal;
}
