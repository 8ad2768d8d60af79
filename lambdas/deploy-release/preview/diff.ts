/** The operation `diff`: looks into each environment that is asked for, and puts what would change there beside the plan. Nothing is changed. */

import { PlanFile } from '../../../contracts/plan.ts';
import type { DiffAnswer } from '../../../contracts/plan-diff.ts';
import type { PreviewInput } from '../../../contracts/preview.ts';
import type { EnvironmentDiff } from '../../../domain/plan-diff/environment-diff.ts';
import { troubledDiff } from '../../../domain/plan-diff/summarise-plan.ts';
import { type FrozenDeployment, type FrozenPlan, planDiffKey, planKey } from '../../../domain/rollout/frozen-plan.ts';
import { diffEnvironment } from './diff-environment.ts';
import type { DiffDeps } from './preview-deps.ts';

type DiffInput = Extract<PreviewInput, { operation: 'diff' }>;

/** The plan, or an environment of it, is not there: a bug, not an outcome. */
export class NotPlanned extends Error {
  override readonly name = 'NotPlanned';
}

/** helm renders with one processor. */
const AT_ONCE = 3;

/** One environment's trouble is its own. @throws NotPlanned, and whatever S3 is in trouble with */
export function diff(deps: DiffDeps) {
  return async ({ planId, environments }: DiffInput): Promise<DiffAnswer> => {
    const file = await deps.plans.get(planKey(planId, 'plans'));
    if (file === undefined) throw new NotPlanned(`there is no plan ${planId}`);
    const plan = PlanFile.parse(JSON.parse(new TextDecoder().decode(file)));
    const left = [...environments];
    const done: DiffAnswer['environments'] = [];
    const work = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        const deployment = plan.deployments.find(({ environment }) => environment === name);
        if (deployment === undefined) throw new NotPlanned(`plan ${planId} does not have environment ${name}`);
        const seen = await look(deps, plan, deployment);
        await deps.plans.putOnce(planDiffKey(planId, name), JSON.stringify(seen));
        deps.log.info('environment compared', { planId, environment: name, state: seen.state });
        done.push({ environment: name, state: seen.state });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { outcome: 'done', environments: done };
  };
}

async function look(deps: DiffDeps, plan: FrozenPlan, deployment: FrozenDeployment): Promise<EnvironmentDiff> {
  const { environment, stage } = deployment;
  try {
    return await diffEnvironment(deps, plan, deployment);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Its message may quote anything, so only its name is told.
    deps.log.error('environment could not be compared', { planId: plan.rolloutId, environment, error: error.name });
    const because = `the deployer could not work it out (${error.name}): plan again, and look at its log if that does not help`;
    const of = { environment, stage, version: plan.version };
    return troubledDiff(of, 'errored', { code: 'internal', blocks: true, because, outcome: 'internal' });
  }
}
