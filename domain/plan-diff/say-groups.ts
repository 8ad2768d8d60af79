/** Groups of environments and what is said of them, in words that text and Markdown share. */
import type { DiffState } from './environment-diff.ts';
import { oneLine } from './one-line.ts';
import type { ChangeLine, DiffGroup, GroupedProblem, GroupedValue } from './plan-result.ts';
import { sayChange } from './say-changes.ts';

const MAX_NAMES = 6;

const SAID: { readonly [S in DiffState]: string } = {
  unchanged: 'no change',
  changes: 'changes',
  blocked: 'blocked',
  unreachable: 'cannot be reached',
  errored: 'could not be worked out',
};

/** What a group's state means, in a word or two. */
export const sayState = (state: DiffState): string => SAID[state];

/** `3 environments`, `1 environment` */
export const sayCount = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** `qa, test, prod-eu`; of many only the first few. */
export function sayNames(environments: readonly string[]): string {
  const more = environments.length - MAX_NAMES;
  const names = more > 1 ? [...environments.slice(0, MAX_NAMES), `… and ${more} more`] : environments;
  return names.join(', ');
}

/** What changes in a group, object by object: `Deployment webui image 1.4.1 → 1.4.2, replicas 2 → 3`, then what some change beyond. */
export function sayGroup({ lines, also }: DiffGroup): readonly string[] {
  const more = also.flatMap((part) => [
    `${sayNames(part.environments)} also:`,
    ...sayObjects(part.lines).map((line) => `  ${line}`),
  ]);
  return [...sayObjects(lines), ...more];
}

function sayObjects(lines: readonly ChangeLine[]): readonly string[] {
  const byObject = Map.groupBy(lines, ({ object }) => object);
  return [...byObject].map(([object, said]) => oneLine(`${object} ${said.map(({ text }) => text).join(', ')}`));
}

export function sayProblem({ object, because, environments }: GroupedProblem): string {
  const what = object === undefined ? because : `${object}: ${because}`;
  return `${oneLine(what)} — ${sayNames(environments)}`;
}

export function sayValueChange({ key, from, to, origin, environments }: GroupedValue): string {
  const change = sayChange({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  return `${oneLine(`${key} ${change}${origin === undefined ? '' : ` (${origin})`}`)} — ${sayNames(environments)}`;
}

export const sayLeftOut = ({ environment, because }: { readonly environment: string; readonly because: string }) =>
  oneLine(`${environment}: ${because}`);
