/** A plan for the terminal: what changes where, in groups, then values, and what would go wrong. */
import { oneLine } from './one-line.ts';
import type { DiffGroup, PlanResult } from './plan-result.ts';
import { sayCount, sayGroup, sayLeftOut, sayNames, sayProblem, sayState, sayValueChange } from './say-groups.ts';

const MAX_VALUES = 40;

/** Lines without line breaks. Every environment of the plan is in one of them. */
export function renderText(plan: PlanResult): readonly string[] {
  const { groups, values, problems, hooks, leftOut } = plan;
  const more = values.length - MAX_VALUES;
  return [
    ...groups.flatMap(groupLines),
    ...section('values that change', [
      ...values.slice(0, MAX_VALUES).map(sayValueChange),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ]),
    ...section('hooks that run', hooks.map(oneLine)),
    ...section('blocked by', problems.filter(({ blocks }) => blocks).map(sayProblem)),
    ...section('mind', problems.filter(({ blocks }) => !blocks).map(sayProblem)),
    ...section('left out', leftOut.map(sayLeftOut)),
  ];
}

/** Of those that do not change only a few names are said. */
function groupLines(group: DiffGroup): readonly string[] {
  const { state, environments } = group;
  const count = sayCount(environments.length, 'environment');
  const names = state === 'unchanged' ? sayNames(environments) : environments.join(', ');
  return [`${count}: ${sayState(state)} (${names})`, ...sayGroup(group).map((line) => `  ${line}`)];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
