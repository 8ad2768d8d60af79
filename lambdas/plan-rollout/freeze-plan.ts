/** *Freeze plan*: fixes what a rollout would be made of, as planning a rollout does, and says which deployers are asked. */

import { PlanFile } from '../../contracts/plan.ts';
import { type FreezePlanAnswer, PlanRun } from '../../contracts/plan-machine.ts';
import { commit } from '../../domain/commit.ts';
import type { PlanItem } from '../../domain/items/values.ts';
import { keys } from '../../domain/keys.ts';
import { endPlan, type PlanEnd } from '../../domain/plans/end-plan.ts';
import { previewBatches } from '../../domain/plans/preview-batches.ts';
import { planKey } from '../../domain/rollout/frozen-plan.ts';
import type { MadePlan } from './made-plan.ts';
import { makePlan } from './make-plan.ts';
import { type PlanDeps, PlanNotFound } from './plan-deps.ts';

/**
 * Freezes the plan once: whoever is called again goes on with the file that is there. A plan that is refused ends here.
 * @throws PlanNotFound, and what its ports throw: the machine tries again.
 */
export function freezePlan(deps: PlanDeps) {
  const { table, log, deployers } = deps;
  return async (event: unknown): Promise<FreezePlanAnswer> => {
    const { planId, package: pkg } = PlanRun.parse(event);
    const item = await table.get(keys.plan(pkg, planId));
    if (item === undefined) throw new PlanNotFound(`package ${pkg} has no plan ${planId}`);
    if (item.state !== 'working') return { outcome: 'over', because: `the plan is ${item.state}` };
    const made = await fileOf(deps, item);
    if (!made.made) {
      const { code, because } = made;
      await end(deps, item, { state: 'refused', code, because });
      log.info('plan refused', { planId, code, because });
      return { outcome: 'over', because };
    }
    const { batches, maxParallel } = previewBatches(made.plan, (name) => deployers[name]);
    const environments = made.plan.deployments.length;
    log.info('plan frozen', { planId, environments, calls: batches.length });
    return { outcome: 'frozen', batches: batches.map(listed), maxParallel, because: `${environments} environments` };
  };
}

const listed = ({
  deployer,
  environments,
}: {
  readonly deployer: string;
  readonly environments: readonly string[];
}) => ({
  deployer,
  environments: [...environments],
});

/** The plan in the bucket, whoever wrote it first. */
async function fileOf(deps: PlanDeps, item: PlanItem): Promise<MadePlan> {
  const { id, stages, values, valuesChange, version } = item;
  const key = planKey(id, 'plans');
  const there = await deps.plans.get(key);
  if (there !== undefined) return { made: true, plan: PlanFile.parse(JSON.parse(new TextDecoder().decode(there))) };
  const made = await makePlan(deps, {
    id,
    of: 'plans',
    package: item.package,
    version,
    sequence: 0,
    ...(valuesChange !== undefined && { valuesChange }),
    request: { stages, values },
  });
  if (!made.made || (await deps.plans.putOnce(key, deps.canonical(made.plan))) === 'written') return made;
  return fileOf(deps, item);
}

/** Ends the plan, unless somebody else has. */
export async function end(
  { table, patience, now }: PlanDeps,
  { id, package: pkg }: PlanItem,
  how: PlanEnd,
): Promise<void> {
  await commit(table, patience, async () => {
    const item = await table.get(keys.plan(pkg, id));
    return { writes: item === undefined ? [] : endPlan(item, how, now()), result: undefined };
  });
}
