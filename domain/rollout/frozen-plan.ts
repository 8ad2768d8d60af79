/** A plan as it is frozen: everything that a rollout will do, fixed before it does any of it. */

import { append } from '../events.ts';
import type { DeploymentItem, Inputs, Place } from '../items/deployment.ts';
import type { EventsItem } from '../items/history.ts';
import type { OpenItem } from '../items/queue.ts';
import type { Executor, QueueMode } from '../items/registry.ts';
import type { PlannedStage, RolloutItem } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { create, replace, type Write } from '../table.ts';
import type { Labels } from '../target.ts';
import { leftOutText } from '../values/feature/fit-kinds.ts';

export interface FrozenDeployment {
  readonly environment: string;
  readonly stage: string;
  readonly place: Place;
  readonly deployer: string;
  /** Whom helm acts as in the cluster, when not as the deployer itself. */
  readonly actAs?: string;
  /** Of the environment: freezes go by them. */
  readonly labels?: Labels;
  readonly queue?: QueueMode;
  readonly inputs: Inputs;
}

export interface FrozenPlan {
  readonly v: 1;
  readonly rolloutId: string;
  readonly package: string;
  readonly sequence: number;
  readonly version: string;
  readonly chart: string;
  readonly chartDigest: string;
  readonly timeoutMinutes: number;
  readonly forceConflicts: boolean;
  readonly executor?: Executor;
  readonly shortHooks?: boolean;
  readonly stages: readonly PlannedStage[];
  readonly deployments: readonly FrozenDeployment[];
  /** Environments that the targets match and the chart's `Feature.yaml` leaves out. */
  readonly leftOut?: readonly { readonly environment: string; readonly because: string }[];
}

/** What a plan is of: of a rollout, or of nothing but itself. */
export type PlanOf = 'rollouts' | 'plans';

/** Where a rollout's plan, or a plan by itself, stands in the plans bucket. */
export function planKey(id: string, of: PlanOf = 'rollouts'): string {
  return `${of}/${id}/plan.json`;
}

/** Where the copy of a layer with this keyed digest stands: beside the plan, so that both are kept equally long. */
export function layerCopyKey(id: string, digest: string, of: PlanOf = 'rollouts'): string {
  return `${of}/${id}/layers/${digest.replace(':', '-')}`;
}

/** Where what templates may know stands, likewise. */
export function factsCopyKey(id: string, digest: string, of: PlanOf = 'rollouts'): string {
  return `${of}/${id}/facts/${digest.replace(':', '-')}`;
}

/** Where what a plan would change in one environment stands. */
export function planDiffKey(planId: string, environment: string): string {
  return `plans/${planId}/environments/${environment}.json`;
}

/** Where what a plan comes to stands: all environments, grouped. */
export function planResultKey(planId: string): string {
  return `plans/${planId}/result.json`;
}

/** The write that makes one deployment of the plan; it must not exist yet. */
export function createDeployment(
  plan: FrozenPlan,
  { environment, stage, place, deployer, actAs, labels, queue, inputs }: FrozenDeployment,
): Write {
  const { rolloutId, sequence, timeoutMinutes, forceConflicts, executor, shortHooks } = plan;
  const item: Omit<DeploymentItem, 'rev'> = {
    type: 'deployment',
    v: 1,
    rolloutId,
    package: plan.package,
    environment,
    stage,
    sequence,
    state: 'pending',
    place,
    deployer,
    ...(labels !== undefined && { labels }),
    ...(queue !== undefined && { queue }),
    ...(executor !== undefined && { executor }),
    ...(shortHooks !== undefined && { shortHooks }),
    ...(actAs !== undefined && { actAs }),
    inputs,
    timeoutMinutes,
    forceConflicts,
    attempt: 0,
    begun: 0,
    lost: 0,
  };
  return create(keys.deployment(rolloutId, environment), item);
}

export interface PlanSeen {
  readonly rollout: RolloutItem;
  readonly open: OpenItem;
  readonly events: EventsItem;
}

/** The writes that make the plan the rollout's: from here on the queue knows its environments. */
export function recordPlan({ rollout, open, events }: PlanSeen, plan: FrozenPlan, digest: string, now: Date): Write[] {
  const { rolloutId, chartDigest, stages, deployments } = plan;
  const at = now.toISOString();
  const reached = stages.filter(({ size }) => size > 0).length;
  const left = plan.leftOut === undefined ? '' : `, ${leftOutText(plan.leftOut)}`;
  const text = `planned: ${plan.package} ${plan.version} (${chartDigest}) into ${count(deployments.length, 'environment')} in ${count(reached, 'stage')}${left}`;
  return [
    replace(keys.rollout(rolloutId), rollout, {
      plan: { key: planKey(rolloutId), digest, chartDigest, stages, at },
      // Of a rollback, and of changed values, it is known only now, from what was good or attempted where.
      ...((rollout.rollback ?? rollout.valuesChange) !== undefined && { version: plan.version }),
    }),
    replace(keys.open(plan.package, open.sequence), open, {
      environments: deployments.map(({ environment }) => environment),
      ...supersedableOf(deployments),
    }),
    ...append(rolloutId, events, [{ at, kind: 'rollout-planned', text, by: 'fairlead' }]),
  ];
}

/** Of a place in the queue: where a newer rollout takes it while it waits. */
export function supersedableOf(
  deployments: readonly Pick<FrozenDeployment, 'environment' | 'queue'>[],
): Pick<OpenItem, 'supersedable'> {
  const names = deployments.filter(({ queue }) => queue === 'supersede').map(({ environment }) => environment);
  return names.length === 0 ? {} : { supersedable: names };
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
