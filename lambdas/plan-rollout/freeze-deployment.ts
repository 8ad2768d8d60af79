/** What a plan takes from the registry as it is now: where and as whom a deployment lands, and how long it may take. */
import { actingAs } from '../../domain/deployment/acting-as.ts';
import type { Inputs } from '../../domain/items/deployment.ts';
import type { PackageItem } from '../../domain/items/registry.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import type { FrozenDeployment, FrozenPlan } from '../../domain/rollout/frozen-plan.ts';
import type { PlannedEnvironment } from '../../domain/rollout/plan.ts';

/** One deployment of the plan, made of `inputs`. */
export function freezeDeployment(
  pkg: PackageItem,
  { environment, stage, place }: PlannedEnvironment,
  inputs: Inputs,
): FrozenDeployment {
  const actAs = actingAs(pkg, place.namespace);
  const { name, deployer, labels } = environment;
  const queue = environment.queue ?? pkg.queue;
  return {
    environment: name,
    stage,
    place,
    deployer,
    labels,
    ...(queue !== undefined && { queue }),
    ...(actAs !== undefined && { actAs }),
    inputs,
  };
}

type Head = Omit<FrozenPlan, 'version' | 'chart' | 'chartDigest' | 'stages' | 'deployments'>;

/** What all deployments of the plan share. */
export function headOf(pkg: PackageItem, { id, sequence }: Pick<RolloutItem, 'id' | 'sequence'>): Head {
  return {
    v: 1,
    rolloutId: id,
    package: pkg.name,
    sequence,
    timeoutMinutes: pkg.timeoutMinutes,
    forceConflicts: pkg.forceConflicts,
    ...(pkg.executor !== undefined && { executor: pkg.executor }),
    ...(pkg.shortHooks !== undefined && { shortHooks: pkg.shortHooks }),
  };
}
