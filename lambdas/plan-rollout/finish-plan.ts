/** *Finish plan*: reads what each deployer put beside the plan, puts it together, and ends the plan. */
import { planOf } from '../../contracts/ended-execution.ts';
import { ExecutionEnded } from '../../contracts/machines.ts';
import { PlanFile } from '../../contracts/plan.ts';
import { EnvironmentDiff } from '../../contracts/plan-diff.ts';
import { type FinishPlanAnswer, FinishPlanInput, type PreviewTrouble } from '../../contracts/plan-machine.ts';
import type { PlanItem } from '../../domain/items/values.ts';
import { keys } from '../../domain/keys.ts';
import type * as diffs from '../../domain/plan-diff/environment-diff.ts';
import { keptOut } from '../../domain/plan-diff/kept-out.ts';
import { summarisePlan, troubledDiff } from '../../domain/plan-diff/summarise-plan.ts';
import type { PlanEnd } from '../../domain/plans/end-plan.ts';
import { whatItComesTo } from '../../domain/plans/what-it-comes-to.ts';
import {
  type FrozenDeployment,
  type FrozenPlan,
  planDiffKey,
  planKey,
  planResultKey,
} from '../../domain/rollout/frozen-plan.ts';
import { planText } from '../../domain/rollout/plan-digest.ts';
import { end } from './freeze-plan.ts';
import { type PlanDeps, PlanNotFound } from './plan-deps.ts';

/** What the function is told: by the machine, or by EventBridge of an execution that was stopped. */
type Told = Pick<FinishPlanInput, 'planId' | 'package' | 'trouble'> & { readonly broken?: string };

/** Files of environments that are read together. */
const AT_ONCE = 25;

/**
 * Ends a plan, once. @throws PlanNotFound, and what its ports throw: the machine, or EventBridge, calls again.
 */
export function finishPlan(deps: PlanDeps) {
  const { table, log } = deps;
  return async (event: unknown): Promise<FinishPlanAnswer> => {
    const told = toldOf(event);
    if (told === undefined) {
      const { executionArn } = ExecutionEnded.parse(event).detail;
      log.warn('an execution ended that is none of ours', { execution: executionArn });
      return { outcome: 'already-over', because: 'no plan of ours' };
    }
    const { planId, package: pkg } = told;
    const item = await table.get(keys.plan(pkg, planId));
    if (item === undefined) throw new PlanNotFound(`package ${pkg} has no plan ${planId}`);
    if (item.state !== 'working') return { outcome: 'already-over', because: `the plan is ${item.state}` };
    const how: PlanEnd =
      told.broken === undefined
        ? await putTogether(deps, item, told.trouble)
        : { state: 'errored', because: told.broken };
    await end(deps, item, how);
    log.info('plan finished', { planId, state: how.state, because: how.because });
    return { outcome: 'finished', because: how.because };
  };
}

async function putTogether(deps: PlanDeps, item: PlanItem, trouble: Told['trouble']): Promise<PlanEnd> {
  const { plans, digest, canonical } = deps;
  const { id } = item;
  const file = await plans.get(planKey(id, 'plans'));
  if (file === undefined) return { state: 'errored', because: 'its frozen inputs are gone: plan again' };
  const plan: FrozenPlan = PlanFile.parse(parsed(file));
  const found: diffs.EnvironmentDiff[] = [];
  for (let from = 0; from < plan.deployments.length; from += AT_ONCE) {
    const some = plan.deployments.slice(from, from + AT_ONCE);
    found.push(...(await Promise.all(some.map((deployment) => judged(deps, item, deployment, trouble)))));
  }
  const { package: pkg, version, leftOut = [] } = plan;
  const planned = { planId: id, package: pkg, version, digest: await digest(planText(plan, canonical)), leftOut };
  const result = summarisePlan(planned, found);
  await plans.putOnce(planResultKey(id), canonical(result));
  return whatItComesTo(result);
}

/** What the cluster says, and what is known here. */
async function judged(
  deps: PlanDeps,
  { id, package: pkg }: PlanItem,
  deployment: FrozenDeployment,
  trouble: Told['trouble'],
): Promise<diffs.EnvironmentDiff> {
  const { environment, inputs } = deployment;
  const [diff, hold, quarantine] = await Promise.all([
    diffOf(deps, id, deployment, trouble),
    deps.table.get(keys.hold(environment, pkg)),
    deps.table.get(keys.quarantine(environment, pkg, inputs.digest)),
  ]);
  return keptOut(diff, { hold, quarantine });
}

async function diffOf(
  { plans, deployers }: PlanDeps,
  planId: string,
  { environment, stage, deployer, inputs }: FrozenDeployment,
  trouble: Told['trouble'],
): Promise<diffs.EnvironmentDiff> {
  const file = await plans.get(planDiffKey(planId, environment));
  if (file !== undefined) return EnvironmentDiff.parse(parsed(file));
  const broken = trouble.find(({ environments = [] }) => environments.includes(environment));
  const because =
    deployers[deployer] === undefined
      ? `deployer ${deployer} is not one of this installation: name another in the environment's entry`
      : brokenWords(broken);
  const problem = { code: 'unreachable', blocks: false, because } as const;
  return troubledDiff({ environment, stage, version: inputs.version }, 'errored', problem);
}

/** The error's own words stay in the deployer's log: they may hold values. */
function brokenWords(broken: PreviewTrouble | undefined): string {
  const how = broken?.error === undefined ? 'told nothing' : `broke off (${broken.error})`;
  return `the deployer ${how} when it was asked what would change: its log says why`;
}

function toldOf(event: unknown): Told | undefined {
  const ended = ExecutionEnded.safeParse(event);
  if (ended.success) {
    const { detail } = ended.data;
    const which = planOf(detail);
    return which && { ...which, trouble: [], broken: `${STOPPED[detail.status]}: plan again` };
  }
  const { errored, ...told } = FinishPlanInput.parse(event);
  return errored === undefined ? told : { ...told, broken: `${errored.cause} (${errored.error}): plan again` };
}

const STOPPED = {
  ABORTED: 'somebody stopped its execution',
  TIMED_OUT: 'it took longer than half an hour',
  FAILED: 'its execution failed',
} as const;

const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
