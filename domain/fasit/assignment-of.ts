/**
 * How far is an assignment, in fasit's words? A rollout has more to tell than they can say: what they cannot is the reason's.
 * What fasit-deploy makes of them: DEPLOYED and DISABLED are success, FAILED is not, all others are asked again until its time is over.
 */
import type { DeploymentItem } from '../items/deployment.ts';
import type { RolloutItem } from '../items/rollout.ts';
import type { WaitItem } from '../items/waiting.ts';
import { countsAsFailure } from '../states.ts';

export const ASSIGNMENT_STATES = ['PENDING', 'DEPLOYED', 'FAILED', 'DISABLED', 'UNKNOWN'] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];

export interface Assignment {
  readonly state: AssignmentState;
  readonly reason?: string;
}

export interface SeenAssignment {
  readonly rollout: Pick<RolloutItem, 'state' | 'outcome' | 'warning'>;
  readonly deployments: readonly Pick<DeploymentItem, 'environment' | 'state' | 'outcome'>[];
  readonly wait?: Pick<WaitItem, 'because'> | undefined;
}

/** Unlike in fasit, what is blocked fails, and says why: nothing is left to time out. */
export function assignmentOf(seen: SeenAssignment): Assignment {
  const { rollout, deployments, wait } = seen;
  switch (rollout.state) {
    case 'accepted':
    case 'running':
      return { state: 'PENDING' };
    case 'waiting':
      return { state: 'PENDING', ...(wait !== undefined && { reason: wait.because }) };
    case 'succeeded':
      return whatSucceeded(rollout, deployments);
    case 'failed':
    case 'errored':
    case 'aborted':
    case 'superseded':
      return { state: 'FAILED', reason: whyFailed(seen) };
  }
}

type Deployments = SeenAssignment['deployments'];

/** A rollout succeeds when nothing failed, also when nothing was done: whoever asks for DEPLOYED wants to know that it stands there. */
function whatSucceeded({ warning }: SeenAssignment['rollout'], deployments: Deployments): Assignment {
  const stands = deployments.some(({ state, outcome }) => state === 'succeeded' || outcome?.code === 'unchanged');
  if (stands) return { state: 'DEPLOYED', ...(warning !== undefined && { reason: warning }) };
  const off = deployments.filter(({ outcome }) => outcome?.code === 'disabled' || outcome?.code === 'held');
  if (off.length > 0 && off.length === deployments.length) return { state: 'DISABLED', reason: told(off) };
  return {
    state: 'FAILED',
    reason: told(deployments) || 'nothing was rolled out: no environment has the labels any more',
  };
}

function whyFailed({ rollout, deployments }: SeenAssignment): string {
  const bad = told(deployments.filter(({ state }) => countsAsFailure(state)));
  const own = rollout.outcome?.because ?? `the rollout was ${rollout.state}`;
  return bad === '' ? own : `${own}; ${bad}`;
}

const MOST_TOLD = 3;

/** `dev: …; staging: …`, and how many more. */
function told(deployments: Deployments): string {
  const lines = deployments.flatMap(({ environment, outcome }) =>
    outcome ? [`${environment}: ${outcome.because}`] : [],
  );
  const more = lines.length > MOST_TOLD ? [`and ${lines.length - MOST_TOLD} more`] : [];
  return [...lines.slice(0, MOST_TOLD), ...more].join('; ');
}
