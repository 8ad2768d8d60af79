/**
 * Which environments does a rollout reach, and in which stage? An environment belongs to the first stage that
 * matches it; a stage that matches nothing stays, with size 0, and is passed over. A plan that reaches nothing,
 * or would put two things into one place, is refused.
 */

import type { Place } from '../items/deployment.ts';
import type { EnvironmentItem, FailureBudget, PackageItem, StageRequest } from '../items/registry.ts';
import type { PlannedStage } from '../items/rollout.ts';
import type { Outcome } from '../outcome.ts';
import { placeId, placeOf } from '../registry/place.ts';
import { matches } from '../target.ts';

export interface PlannedEnvironment {
  readonly environment: EnvironmentItem;
  readonly stage: string;
  readonly place: Place;
}

export type Plan =
  | {
      readonly outcome: 'planned';
      readonly stages: readonly PlannedStage[];
      /** In the order of the stages, then of their names. */
      readonly environments: readonly PlannedEnvironment[];
    }
  | ({ readonly outcome: 'refused' } & Pick<Outcome, 'code' | 'because'>);

export interface PlanInput {
  readonly package: PackageItem;
  /** At least one, with names that differ. */
  readonly stages: readonly StageRequest[];
  /** The whole registry: places are looked for in all of it. */
  readonly packages: readonly PackageItem[];
  readonly environments: readonly EnvironmentItem[];
}

/** Works out stages and environments from what the registry says now. */
export function plan({ package: pkg, stages, packages, environments }: PlanInput): Plan {
  const byName = [...environments].sort((a, b) => (a.name < b.name ? -1 : 1));
  const owned = stages.map((stage) => byName.filter((environment) => ownerOf(stages, environment) === stage));
  const planned = stages.flatMap((stage, i) =>
    (owned[i] ?? []).map((environment) => ({ environment, stage: stage.name, place: placeOf(pkg, environment) })),
  );
  if (planned.length === 0) return { outcome: 'refused', code: 'nothing-matched', because: nothing(stages, byName) };
  const taken = takenPlace(pkg, planned, packages, byName);
  if (taken !== undefined) return { outcome: 'refused', code: 'place-taken', because: taken };
  const sized = stages.map((stage, i) => sizedStage(stage, owned[i]?.length ?? 0));
  return { outcome: 'planned', stages: sized, environments: planned };
}

/** A stage that knows how many environments belong to it. */
export function sizedStage(stage: StageRequest, size: number): PlannedStage {
  return { ...stage, size, failureBudget: allowedFailures(stage.failureBudget, size) };
}

/** A share of the stage is rounded down: `10%` of nine is none. */
export function allowedFailures(budget: FailureBudget, size: number): number {
  return typeof budget === 'number' ? budget : Math.floor((Number(budget.slice(0, -1)) * size) / 100);
}

/** The first stage that matches. */
function ownerOf(stages: readonly StageRequest[], { labels }: EnvironmentItem): StageRequest | undefined {
  return stages.find(({ targets }) => targets.some((target) => matches(target, labels)));
}

function nothing(stages: readonly StageRequest[], environments: readonly EnvironmentItem[]): string {
  if (environments.length === 0) return 'no environment is registered: put one first';
  const targets = stages.flatMap((stage) => stage.targets.map((target) => JSON.stringify(target)));
  const shown = targets.slice(0, 5).join(', ');
  return `none of the ${environments.length} environments has the labels of any target (${shown}): look at their labels`;
}

/** The registry refuses shared places too; here it is asked again, for entries may have changed side by side. */
function takenPlace(
  pkg: PackageItem,
  planned: readonly PlannedEnvironment[],
  packages: readonly PackageItem[],
  environments: readonly EnvironmentItem[],
): string | undefined {
  const ours = new Map<string, string>();
  for (const { environment, place } of planned) {
    const other = ours.get(placeId(place));
    if (other !== undefined) return sentence(place, `${pkg.name} in ${other}`, `${pkg.name} in ${environment.name}`);
    ours.set(placeId(place), environment.name);
  }
  for (const other of packages) {
    for (const environment of environments) {
      const place = placeOf(other, environment);
      const mine = ours.get(placeId(place));
      if (mine === undefined || (other.name === pkg.name && mine === environment.name)) continue;
      return sentence(place, `${pkg.name} in ${mine}`, `${other.name} in ${environment.name}`);
    }
  }
  return undefined;
}

function sentence(place: Place, one: string, other: string): string {
  return `${one} and ${other} would both be ${placeId(place)}: give one of them another namespace, suffix or release`;
}
