/**
 * The plan of a rollback: each environment gets back, whole and frozen as they were, inputs that were good there. Where,
 * as whom and through which deployer is what the registry says now. Where the package never was there is no way back,
 * and nothing to do; any other environment without good inputs refuses the whole plan, by name.
 */
import type { DeploymentItem, Inputs } from '../../domain/items/deployment.ts';
import type { PackageItem } from '../../domain/items/registry.ts';
import type { GoodInputs } from '../../domain/items/release.ts';
import type { RollbackRequest, RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { placeId } from '../../domain/registry/place.ts';
import { chooseGood, hasPast } from '../../domain/release/choose-good.ts';
import type { FrozenDeployment } from '../../domain/rollout/frozen-plan.ts';
import type { Plan, PlannedEnvironment } from '../../domain/rollout/plan.ts';
import { sizedStage } from '../../domain/rollout/plan.ts';
import type { Table } from '../../domain/table.ts';
import { type FindGoneDeps, findGone } from './find-gone.ts';
import { freezeDeployment, headOf } from './freeze-deployment.ts';
import { type MadePlan, refused } from './made-plan.ts';
import { oneChart } from './one-chart.ts';
import { type OwnValuesDeps, ownValuesGone } from './own-values-gone.ts';

export interface PlanRollbackDeps extends FindGoneDeps, OwnValuesDeps {
  readonly table: Table;
}

type Rollback = Pick<RolloutItem, 'id' | 'package' | 'version' | 'sequence'> & { readonly rollback: RollbackRequest };
type Planned = Extract<Plan, { outcome: 'planned' }>;

/** Works it out from what is remembered of each release; nothing is recorded yet. */
export async function planRollback(
  deps: PlanRollbackDeps,
  rollout: Rollback,
  pkg: PackageItem,
  planned: Planned,
): Promise<MadePlan> {
  const choices = await eachOf(planned.environments, (one) => choose(deps.table, rollout, one));
  const concerned = choices.filter((choice) => choice !== undefined);
  const [first] = concerned;
  if (first === undefined) {
    const names = planned.environments.map(({ environment }) => environment.name);
    return refused('nothing-matched', `${pkg.name} never was in ${listed(names)}: there is nothing to roll back`);
  }
  const refusals = concerned.filter((choice) => !choice.found);
  const [refusal] = refusals;
  if (refusal !== undefined) return refused(refusal.code, whyRefused(refusals));
  const found = concerned.filter((choice) => choice.found);
  const gone = await whatIsGone(deps, found);
  if (gone !== undefined) return refused(gone.code, gone.because);
  const deployments = found.map(({ at, inputs }) => freezeDeployment(pkg, at, inputs));
  const chart = oneChart(
    found.map(({ inputs }) => inputs),
    rollout.version,
  );
  const stages = planned.stages.map((stage) => sizedStage(stage, sizeOf(stage.name, deployments)));
  return { made: true, plan: { ...headOf(pkg, rollout), ...chart, stages, deployments } };
}

type Choice =
  | { readonly found: true; readonly at: PlannedEnvironment; readonly inputs: Inputs }
  | ({ readonly found: false; readonly at: PlannedEnvironment } & Pick<Outcome, 'code' | 'because'>);

/** Undefined where the package never was. */
async function choose(
  table: Table,
  { rollback, package: pkg }: Rollback,
  at: PlannedEnvironment,
): Promise<Choice | undefined> {
  const environment = at.environment.name;
  const [release, quarantines] = await Promise.all([
    table.get(keys.release(environment, pkg)),
    table.query(ranges.quarantines(environment, pkg)),
  ]);
  if (!hasPast(release)) return undefined;
  const choice = chooseGood(release, quarantines, rollback.to);
  if (!choice.found) return { ...choice, at };
  const before = await table.get(keys.deployment(choice.good.rolloutId, environment));
  const no = (code: Outcome['code'], because: string): Choice => ({ found: false, at, code, because });
  if (before === undefined || before.inputs.digest !== choice.good.inputsDigest) {
    return no('inputs-gone', `${environment}: what rollout ${choice.good.rolloutId} brought is not recorded any more`);
  }
  if (placeId(before.place) !== placeId(at.place)) return no('place-taken', moved(before, at));
  return { found: true, at, inputs: takenOver(before, choice.good) };
}

/** Whole, as they were: whose request has the own values goes along, through rollbacks of rollbacks too. */
function takenOver({ inputs }: DeploymentItem, { rolloutId }: GoodInputs): Inputs {
  return { ...inputs, valuesOf: inputs.valuesOf ?? rolloutId };
}

function moved({ environment, place: before }: DeploymentItem, { place }: PlannedEnvironment): string {
  return `${environment}: the release stood at ${placeId(before)} and would now be ${placeId(place)}: roll out anew there`;
}

async function whatIsGone(deps: PlanRollbackDeps, found: readonly { readonly inputs: Inputs }[]) {
  const inputs = found.map((one) => one.inputs);
  const gone = await findGone(deps, inputs);
  if (gone.is === 'unreachable') return { code: 'unreachable' as const, because: gone.because };
  const what = [...(gone.is === 'gone' ? gone.what : []), ...(await ownValuesGone(deps, inputs))];
  if (what.length === 0) return undefined;
  const because = `cannot go back to what is gone: ${listed(what, '; ')}. Roll out anew, or go back to another version`;
  return { code: 'inputs-gone' as const, because };
}

function whyRefused(refusals: readonly Extract<Choice, { found: false }>[]): string {
  const reasons = refusals.map(({ because }) => because);
  const names = refusals.map(({ at }) => at.environment.name);
  const narrow = `leave ${listed(names)} out with --target`;
  return `${listed(reasons, '; ')}. To roll back elsewhere, ${narrow}`;
}

const sizeOf = (name: string, deployments: readonly FrozenDeployment[]) =>
  deployments.filter(({ stage }) => stage === name).length;

const MOST_LISTED = 5;

function listed(all: readonly string[], between = ', '): string {
  const more = all.length > MOST_LISTED ? ` and ${all.length - MOST_LISTED} more` : '';
  return `${all.slice(0, MOST_LISTED).join(between)}${more}`;
}

const AT_ONCE = 25;

async function eachOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE) {
    answers.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(ask))));
  }
  return answers;
}
