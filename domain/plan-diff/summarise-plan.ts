/** What a plan comes to, out of what it would change in each of its environments. */
import type { EnvironmentDiff, PlanProblem, ValueChange } from './environment-diff.ts';
import { groupDiffs } from './group-diffs.ts';
import type { GroupedProblem, GroupedValue, PlanResult } from './plan-result.ts';

export interface Planned {
  readonly planId: string;
  readonly package: string;
  readonly version: string;
  /** Keyed digest of the plan's inputs. */
  readonly digest: string;
  readonly leftOut: readonly { readonly environment: string; readonly because: string }[];
}

/** @param diffs one for each environment of the plan */
export function summarisePlan(planned: Planned, diffs: readonly EnvironmentDiff[]): PlanResult {
  const sorted = diffs.toSorted((a, b) => (a.environment < b.environment ? -1 : 1));
  const { planId, package: pkg, version, digest, leftOut } = planned;
  return {
    v: 1,
    planId,
    package: pkg,
    version,
    digest,
    environments: sorted.map(({ environment, stage, state, because, deployed, objects, size }) => ({
      environment,
      stage,
      state,
      because,
      ...(deployed !== undefined && { deployed }),
      objects: objects.length,
      ...(size !== undefined && { size }),
    })),
    groups: groupDiffs(sorted),
    values: together(sorted, ({ values }) => values).map(
      ([change, environments]): GroupedValue => ({ ...change, environments }),
    ),
    problems: together(sorted, ({ problems }) => problems)
      .map(([problem, environments]): GroupedProblem => ({ ...problem, environments }))
      .toSorted((a, b) => Number(b.blocks) - Number(a.blocks)),
    hooks: [...new Set(sorted.flatMap(({ hooks }) => hooks))].sort(),
    leftOut,
  };
}

/** What could not be worked out at all: nobody knows what would change there. */
export function troubledDiff(
  of: Pick<EnvironmentDiff, 'environment' | 'stage' | 'version'>,
  state: 'blocked' | 'unreachable' | 'errored',
  problem: PlanProblem,
): EnvironmentDiff {
  const { because } = problem;
  const nothing = { objects: [], same: 0, values: [], hooks: [], notes: [] };
  return { v: 1, ...of, state, because, ...nothing, problems: [problem] };
}

/** The same thing once, with the environments that it is said of. */
function together<T extends PlanProblem | ValueChange>(
  diffs: readonly EnvironmentDiff[],
  of: (diff: EnvironmentDiff) => readonly T[],
): readonly (readonly [T, readonly string[]])[] {
  const found = new Map<string, readonly [T, string[]]>();
  for (const diff of diffs) {
    for (const said of of(diff)) {
      const id = JSON.stringify(said);
      const seen = found.get(id) ?? ([said, []] as const);
      seen[1].push(diff.environment);
      found.set(id, seen);
    }
  }
  return [...found.values()];
}
