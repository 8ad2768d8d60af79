/** A plan for the terminal: what changes where, in groups, then what would go wrong. */
import type { DiffState } from './environment-diff.ts';
import type { ChangeLine, DiffGroup, GroupedProblem, PlanResult } from './plan-result.ts';

const MAX_NAMES = 6;

/** Lines without a line break at the end. */
export function renderText(plan: PlanResult): readonly string[] {
  const { groups, problems, hooks, leftOut } = plan;
  const lines = groups.flatMap(groupLines);
  const left = leftOut.map(({ environment, because }) => `left out: ${environment} (${because})`);
  const runs = hooks.length === 0 ? [] : [`hooks that run: ${hooks.join(', ')}`];
  return [...lines, ...runs, ...problems.map(problemLine), ...left];
}

/** `3 environments (qa, test, prod-eu): …`; of many only the first few names. */
export function environmentsSaid(environments: readonly string[]): string {
  const count = `${environments.length} environment${environments.length === 1 ? '' : 's'}`;
  const more = environments.length - MAX_NAMES;
  const names = more > 1 ? [...environments.slice(0, MAX_NAMES), `… and ${more} more`] : environments;
  return `${count} (${names.join(', ')})`;
}

const SAID: { readonly [S in DiffState]: string } = {
  unchanged: 'no change',
  changes: 'changes',
  blocked: 'blocked',
  unreachable: 'cannot be reached',
  errored: 'could not be worked out',
};

/** What a group's state means, in a word or two. */
export const stateSaid = (state: DiffState): string => SAID[state];

/** What changes, object by object: `Deployment webui image 1.4.1 → 1.4.2, replicas 2 → 3`. */
export function objectsSaid(lines: readonly ChangeLine[]): readonly string[] {
  const byObject = Map.groupBy(lines, ({ object }) => object);
  return [...byObject].map(([object, said]) => `${object} ${said.map(({ text }) => text).join(', ')}`);
}

function groupLines({ state, environments, lines, also }: DiffGroup): readonly string[] {
  const head = `${environmentsSaid(environments)}: ${stateSaid(state)}`;
  const more = also.flatMap((part) => [
    `  ${part.environments.join(', ')} also:`,
    ...objectsSaid(part.lines).map((line) => `    ${line}`),
  ]);
  return [head, ...objectsSaid(lines).map((line) => `  ${line}`), ...more];
}

function problemLine({ blocks, object, because, environments }: GroupedProblem): string {
  const what = object === undefined ? because : `${object}: ${because}`;
  return `${blocks ? 'blocked' : 'mind'}: ${what} — ${environmentsSaid(environments)}`;
}
