/**
 * The plan of changed values: each environment keeps chart, version and own values of what was attempted there last, and gets the
 * layers as they are now. Where, as whom and through which deployer is what the registry says now. Where the same inputs
 * come out nothing is planned; where the release would move nothing is either, for that takes a rollout.
 */
import type { DeploymentItem, Inputs } from '../../domain/items/deployment.ts';
import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import type { RolloutItem, ValuesChange } from '../../domain/items/rollout.ts';
import { keys } from '../../domain/keys.ts';
import { placeId } from '../../domain/registry/place.ts';
import { type Canonical, frozenText } from '../../domain/rollout/frozen.ts';
import type { FrozenDeployment, FrozenPlan, PlanOf } from '../../domain/rollout/frozen-plan.ts';
import { narrowPlan } from '../../domain/rollout/narrow-plan.ts';
import type { Plan, PlannedEnvironment } from '../../domain/rollout/plan.ts';
import type { Table } from '../../domain/table.ts';
import { listed } from '../../domain/values-change/change-text.ts';
import { lookAtAttempted } from '../../domain/values-change/look-at-attempted.ts';
import { freezeDeployment, headOf } from './freeze-deployment.ts';
import { type FactsDeps, freezeFacts } from './freeze-facts.ts';
import { freezeLayers, type LayerDeps } from './freeze-layers.ts';
import { type MadePlan, refused } from './made-plan.ts';
import { oneChart } from './one-chart.ts';

export interface PlanValuesDeps extends LayerDeps, FactsDeps {
  readonly table: Table;
  readonly canonical: Canonical;
}

type Wanted = Pick<RolloutItem, 'id' | 'package' | 'version' | 'sequence'> & {
  readonly of: PlanOf;
  readonly valuesChange: ValuesChange;
};
type Planned = Extract<Plan, { outcome: 'planned' }>;

/** `all` is the registry. Nothing is recorded yet. */
export async function planValues(
  deps: PlanValuesDeps,
  wanted: Wanted,
  pkg: PackageItem,
  reached: Planned,
  all: readonly EnvironmentItem[],
): Promise<MadePlan> {
  const { environments } = wanted.valuesChange;
  const attempted = await lookAtAttempted(deps.table, pkg.name, environments);
  const { concerned, moved } = sorted(reached.environments, attempted);
  const layers = await freezeLayers(
    deps,
    wanted,
    concerned.map(({ at }) => at),
  );
  if (!layers.ok) return refused('values-broken', layers.because);
  const withFacts = concerned.filter(({ last }) => last.inputs.facts !== undefined);
  const facts = await freezeFacts(
    deps,
    wanted,
    withFacts.map(({ at }) => at.environment),
    all,
  );
  const requests = await ownValues(deps.table, concerned);
  const gone = [...new Set(concerned.map(({ last }) => whoseValues(last)))].filter((id) => !requests.has(id));
  if (gone.length > 0) return refused('inputs-gone', `the own values of ${listed(gone)} are gone: roll out anew`);
  const made = await Promise.all(
    concerned.map(async ({ at, last }) => {
      const known = facts.get(at.environment.name);
      const { chart, version, chartDigest } = last.inputs;
      const valuesOf = whoseValues(last);
      const frozen = { chart, version, chartDigest, ...layers.of(at.environment.name), ...(known && { facts: known }) };
      const text = frozenText({ ...frozen, values: requests.get(valuesOf) ?? {} }, deps.canonical);
      const inputs: Inputs = { ...frozen, digest: await deps.digest(text), valuesOf };
      return { last, deployment: freezeDeployment(pkg, at, inputs) };
    }),
  );
  const changed = made.filter(({ last, deployment }) => deployment.inputs.digest !== last.inputs.digest);
  if (changed.length === 0) return refused('nothing-matched', whyNothing(environments, moved));
  return { made: true, plan: planOf(wanted, pkg, reached, changed, moved) };
}

interface Concerned {
  readonly at: PlannedEnvironment;
  readonly last: DeploymentItem;
}

type LeftOut = NonNullable<FrozenPlan['leftOut']>;

function sorted(reached: readonly PlannedEnvironment[], attempted: ReadonlyMap<string, DeploymentItem>) {
  const concerned: Concerned[] = [];
  const moved: LeftOut[number][] = [];
  for (const at of reached) {
    const { name } = at.environment;
    const last = attempted.get(name);
    if (last === undefined) continue;
    if (placeId(last.place) === placeId(at.place)) concerned.push({ at, last });
    else
      moved.push({
        environment: name,
        because: `the release stood at ${placeId(last.place)} and would now be ${placeId(at.place)}: roll out there`,
      });
  }
  return { concerned, moved };
}

const whoseValues = ({ rolloutId, inputs }: DeploymentItem) => inputs.valuesOf ?? rolloutId;

/** By the rollout whose request has them. */
async function ownValues(table: Pick<Table, 'get'>, concerned: readonly Concerned[]) {
  const values = new Map<string, Readonly<Record<string, unknown>>>();
  for (const id of new Set(concerned.map(({ last }) => whoseValues(last)))) {
    const request = await table.get(keys.request(id));
    if (request !== undefined) values.set(id, request.values);
  }
  return values;
}

function planOf(
  wanted: Wanted,
  pkg: PackageItem,
  reached: Planned,
  changed: readonly { readonly last: DeploymentItem; readonly deployment: FrozenDeployment }[],
  leftOut: LeftOut,
): FrozenPlan {
  const names = new Set(changed.map(({ deployment }) => deployment.environment));
  const chart = oneChart(
    changed.map(({ last }) => last.inputs),
    wanted.version,
  );
  return {
    ...headOf(pkg, wanted),
    // The chart's own time, where it asks for more than the package: it was read when the version was planned.
    timeoutMinutes: Math.max(pkg.timeoutMinutes, ...changed.map(({ last }) => last.timeoutMinutes)),
    ...chart,
    stages: narrowPlan(reached, ({ environment }) => names.has(environment.name)).stages,
    deployments: changed.map(({ deployment }) => deployment),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

function whyNothing(environments: readonly string[], moved: LeftOut): string {
  const others = moved.map(({ environment, because }) => `; ${environment}: ${because}`).join('');
  return `nothing changed: what was attempted last in ${listed(environments)} has these values already, or nothing was${others}`;
}
