/**
 * Which environments change alike? Those with the same changes are one group; those that change the same and more belong
 * to it too, with what they change beyond.
 */
import type { DiffState, EnvironmentDiff } from './environment-diff.ts';
import type { DiffGroup } from './plan-result.ts';
import { type SaidChange, sayChanges } from './say-changes.ts';

/** What `groupDiffs` needs of an environment. */
export type Grouped = Pick<EnvironmentDiff, 'environment' | 'state' | 'objects'>;

interface Same {
  readonly state: DiffState;
  readonly environments: string[];
  readonly said: readonly SaidChange[];
  readonly ids: ReadonlySet<string>;
}

/** What changes nothing comes first, then the groups with the most environments. Every environment is in exactly one group. */
export function groupDiffs(diffs: readonly Grouped[]): readonly DiffGroup[] {
  const alike = new Map<string, Same>();
  for (const { environment, state, objects } of diffs.toSorted(byName)) {
    const said = sayChanges(objects);
    const ids = new Set(said.map(({ id }) => id));
    const id = JSON.stringify([state, ...[...ids].sort()]);
    const found = alike.get(id) ?? { state, environments: [], said, ids };
    found.environments.push(environment);
    alike.set(id, found);
  }
  return inFamilies([...alike.values()]).toSorted(
    (a, b) => rank(a) - rank(b) || b.environments.length - a.environments.length || byFirst(a, b),
  );
}

/** A set of changes that holds all of a smaller one belongs to it: to the largest such that stands by itself. */
function inFamilies(all: readonly Same[]): DiffGroup[] {
  const holds = (large: Same, small: Same) =>
    large !== small &&
    large.state === small.state &&
    small.ids.size > 0 &&
    [...small.ids].every((id) => large.ids.has(id));
  const roots = all.filter((one) => !all.some((other) => holds(one, other)));
  const rootOf = (one: Same) => {
    const held = roots.filter((root) => holds(one, root));
    return held.toSorted((a, b) => b.ids.size - a.ids.size || b.environments.length - a.environments.length)[0];
  };
  return roots.map((root) => {
    const more = all.filter((one) => !roots.includes(one) && rootOf(one) === root);
    const also = more.map(({ environments, said }) => ({
      environments,
      lines: said.filter(({ id }) => !root.ids.has(id)).map(({ line }) => line),
    }));
    const environments = [...root.environments, ...more.flatMap((one) => one.environments)].sort();
    return { state: root.state, environments, lines: root.said.map(({ line }) => line), also };
  });
}

const ORDER: readonly DiffState[] = ['unchanged', 'changes', 'blocked', 'unreachable', 'errored'];
const rank = ({ state }: DiffGroup) => ORDER.indexOf(state);
const byName = (a: Grouped, b: Grouped) => (a.environment < b.environment ? -1 : 1);
const byFirst = (a: DiffGroup, b: DiffGroup) => ((a.environments[0] ?? '') < (b.environments[0] ?? '') ? -1 : 1);
