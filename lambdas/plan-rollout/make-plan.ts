/** A plan made of what the registry, the chart's registry and Parameter Store say now. */

import type { RequestItem, RolloutItem } from '../../domain/items/rollout.ts';
import { ranges } from '../../domain/keys.ts';
import type { Charts, ResolvedChart } from '../../domain/ports.ts';
import { type Canonical, frozenText } from '../../domain/rollout/frozen.ts';
import type { FrozenDeployment, PlanOf } from '../../domain/rollout/frozen-plan.ts';
import { keepGates } from '../../domain/rollout/keep-gates.ts';
import { narrowPlan } from '../../domain/rollout/narrow-plan.ts';
import { plan } from '../../domain/rollout/plan.ts';
import type { Table } from '../../domain/table.ts';
import type { Feature } from '../../domain/values/feature/feature.ts';
import { leftOutByKind, leftOutText } from '../../domain/values/feature/fit-kinds.ts';
import { freezeDeployment, headOf } from './freeze-deployment.ts';
import { type FactsDeps, freezeFacts } from './freeze-facts.ts';
import { freezeLayers, type LayerDeps } from './freeze-layers.ts';
import { type MadePlan, refused } from './made-plan.ts';
import type { NoteReads } from './note-reads.ts';
import { planRollback } from './plan-rollback.ts';
import { planValues } from './plan-values.ts';
import { type ReadPlannedDeps, readPlannedChart } from './read-planned-chart.ts';

export interface MakePlanDeps extends LayerDeps, FactsDeps, ReadPlannedDeps {
  readonly table: Table;
  readonly charts: Charts;
  readonly canonical: Canonical;
  readonly noteReads: NoteReads;
}

/** What a plan is wanted for: a rollout, or nothing but to see what one would do. */
export interface Wanted
  extends Pick<RolloutItem, 'id' | 'package' | 'version' | 'sequence' | 'rollback' | 'valuesChange'> {
  readonly of: PlanOf;
  /** Of the environments that the stages match: these and no others. */
  readonly only?: readonly string[] | undefined;
  readonly request: Pick<RequestItem, 'stages' | 'guards' | 'values'>;
}

/** Works the plan out and freezes its layers; nothing is recorded yet. */
export async function makePlan(deps: MakePlanDeps, wanted: Wanted): Promise<MadePlan> {
  const { table, digest, canonical } = deps;
  const { request } = wanted;
  const [packages, environments] = await Promise.all([
    table.query(ranges.packages()),
    table.query(ranges.environments()),
  ]);
  const pkg = packages.find(({ name }) => name === wanted.package);
  if (pkg === undefined) return refused('chart-not-found', gone(wanted.package));

  // What was registered or labelled since the rollout was asked for stands behind its gate, too.
  const gated = keepGates(request.stages, request.guards ?? [], environments);
  if (!gated.kept) return refused('forbidden', gated.because);
  const reached = plan({ package: pkg, stages: gated.stages, packages, environments });
  if (reached.outcome === 'refused') return refused(reached.code, reached.because);
  const reachable =
    wanted.only === undefined
      ? reached
      : narrowPlan(reached, ({ environment }) => wanted.only?.includes(environment.name) === true);
  if (wanted.rollback !== undefined)
    return planRollback(deps, { ...wanted, rollback: wanted.rollback }, pkg, reachable);
  if (wanted.valuesChange !== undefined)
    return planValues(deps, { ...wanted, valuesChange: wanted.valuesChange }, pkg, reachable, environments);
  const resolved = await resolve(deps, pkg.chart, wanted.version);
  if (!resolved.found) return refused(resolved.code, resolved.because);

  const chart = { chart: pkg.chart, version: wanted.version, chartDigest: resolved.digest };
  const read = await readPlannedChart(deps, chart);
  if (!read.ok) return refused(read.code, read.because);
  const { feature } = read.chart;
  await deps.noteReads({ ...chart, package: pkg.name, feature });
  const leftOut = leftOutByKind(feature, reachable.environments);
  const planned = narrowPlan(reachable, ({ environment: { name } }) =>
    leftOut.every((out) => out.environment !== name),
  );
  if (planned.environments.length === 0) return refused('nothing-matched', `the chart is ${leftOutText(leftOut)}`);
  const layers = await freezeLayers(deps, wanted, planned.environments);
  if (!layers.ok) return refused('values-broken', layers.because);
  const into = planned.environments.map(({ environment }) => environment);
  const facts = feature === undefined ? undefined : await freezeFacts(deps, wanted, into, environments);
  const deployments = planned.environments.map(async ({ environment, stage, place }): Promise<FrozenDeployment> => {
    const known = facts?.get(environment.name);
    const frozen = { ...chart, ...layers.of(environment.name), ...(known !== undefined && { facts: known }) };
    const text = frozenText({ ...frozen, values: request.values }, canonical);
    return freezeDeployment(pkg, { environment, stage, place }, { ...frozen, digest: await digest(text) });
  });
  return {
    made: true,
    plan: {
      ...headOf(pkg, wanted),
      ...timeOf(feature),
      ...chart,
      stages: planned.stages,
      deployments: await Promise.all(deployments),
      ...(leftOut.length > 0 && { leftOut }),
    },
  };
}

/** As much time as the chart's author asks for, within what a package may have. */
const timeOf = (feature: Feature | undefined) =>
  feature?.timeoutSeconds === undefined ? {} : { timeoutMinutes: Math.min(feature.timeoutSeconds / 60, MOST_MINUTES) };

/** `timeoutMinutes` of a package goes no further (contracts/api/package.ts). */
const MOST_MINUTES = 60;

/** A registry that does not answer is asked again: nothing has been touched yet, and it is often only a moment. */
async function resolve(
  { charts, chartPatience }: MakePlanDeps,
  chart: string,
  version: string,
): Promise<ResolvedChart> {
  for (let attempt = 1; ; attempt++) {
    const answer = await charts.resolve(chart, version);
    if (answer.found || answer.code !== 'unreachable' || attempt >= chartPatience.tries) return answer;
    await chartPatience.pause(attempt);
  }
}

const gone = (pkg: string) => `package ${pkg} has left the registry since the rollout was accepted: put it back first`;
