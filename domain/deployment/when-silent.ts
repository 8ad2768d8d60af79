/**
 * What becomes of a try whose cluster does not answer? The stage says (docs/stages.md): `fail` counts it at once; `wait`
 * and `skip` let it be tried again for so many minutes, with rising pauses, and count it or pass it over after that.
 */
import type { DeploymentItem } from '../items/deployment.ts';
import type { UnreachableRule } from '../items/registry.ts';
import type { DeploymentResult, Failure, FinalResult } from './deployment-result.ts';
import { holds } from './lease-holder.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';

export interface TriedAgain {
  readonly is: 'tried-again';
  readonly failure: Failure;
  readonly because: string;
  readonly changes: Pick<DeploymentItem, 'deferred' | 'unreachableSince' | 'touched'>;
}

export type WhenSilent = TriedAgain | { readonly is: 'ends'; readonly result: FinalResult };

const MINUTE = 60_000;
const FIRST_PAUSE = MINUTE / 2;
const LONGEST_PAUSE = 5 * MINUTE;

/** Nothing for results that are none of this: other endings, and clusters that answer but do not let us in. */
export function whenSilent(seen: DeploymentSeen, result: DeploymentResult, now: Date): WhenSilent | undefined {
  const { deployment } = seen;
  if (result.is !== 'errored' || result.failure.code !== 'unreachable') return undefined;
  // A release that proved bad and could not be rolled back is a person's, not one more try's.
  if (deployment.state === 'rolling-back') return undefined;
  const rule = ruleOf(seen);
  if (rule === undefined || rule.policy === 'fail') return undefined;
  const { failure } = result;
  const since = deployment.unreachableSince ?? now.toISOString();
  const deadline = Date.parse(since) + rule.minutes * MINUTE;
  const touched = isTouched(seen);
  if (deadline <= now.getTime() || (touched && isStopping(seen))) return ends(failure, since, touched, rule);
  const until = new Date(Math.min(now.getTime() + pauseAfter(since, now), deadline)).toISOString();
  const because = `its cluster does not answer since ${since} (${failure.because})`.slice(0, 1000);
  const deferred = { on: 'environment' as const, until, because };
  return {
    is: 'tried-again',
    failure,
    because,
    changes: { deferred, unreachableSince: since, ...(touched && { touched }) },
  };
}

/** Half a minute at first, then as long again as it has been silent, at most five minutes. */
export function pauseAfter(since: string, now: Date): number {
  return Math.min(Math.max(now.getTime() - Date.parse(since), FIRST_PAUSE), LONGEST_PAUSE);
}

/** The rule of the deployment's stage, where it has one. */
export function ruleOf({
  deployment,
  rollout,
}: Pick<DeploymentSeen, 'deployment' | 'rollout'>): UnreachableRule | undefined {
  return rollout.plan?.stages.find(({ name }) => name === deployment.stage)?.unreachable;
}

/** Whether helm may have changed anything: this try has claimed an operation, or an earlier one had. */
function isTouched({ deployment, lease }: DeploymentSeen): boolean {
  if (deployment.touched === true || deployment.revision !== undefined) return true;
  // Begin raises the fence, a claim raises it again and is written with it: equal fences are a claim of this very try.
  return lease !== undefined && holds(lease, deployment) && lease.operation?.fence === lease.fence;
}

/** The line is stopped: no other try will come. */
function isStopping({ deployment, rollout, failures }: DeploymentSeen): boolean {
  const budget = rollout.plan?.stages.find(({ name }) => name === deployment.stage)?.failureBudget ?? 0;
  return rollout.abort !== undefined || (failures?.count ?? 0) > budget;
}

function ends(failure: Failure, since: string, touched: boolean, { policy }: UnreachableRule): WhenSilent {
  const because = `its cluster did not answer since ${since}: ${failure.because}`.slice(0, 2000);
  if (policy === 'skip' && !touched) {
    return { is: 'ends', result: { is: 'passed-over', failure: { ...failure, because } } };
  }
  return { is: 'ends', result: { is: 'errored', failure: { ...failure, because } } };
}
