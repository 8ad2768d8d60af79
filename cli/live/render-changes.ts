/** Changed layers of values for people: what was changed by whom, and what became of it. */
import type { RolloutSummary } from '../../contracts/api/rollout.ts';
import type { ChangeView } from '../../contracts/api/values-change.ts';
import { changedText, listed } from '../../domain/values-change/change-text.ts';
import type { Paint } from '../paint.ts';
import { oneLine } from '../plain.ts';

/** Why a rollout goes that nobody started; nothing of other rollouts. */
export function causeLines(paint: Paint, { valuesChange }: Pick<RolloutSummary, 'valuesChange'>): string[] {
  if (valuesChange === undefined) return [];
  return valuesChange.changed.map((one) =>
    paint('yellow', oneLine(`values changed: ${changedText({ ...one, by: shortName(one.by) })}`)),
  );
}

/** `fairlead-operator/ann` of a session's ARN: a line that is clipped names people, not accounts. */
const shortName = (by: string) => by.replace(/^arn:[^/]*:(assumed-role\/)?/, '');

/** Each change with what became of it, its layers below. */
export function changeLines(paint: Paint, changes: readonly ChangeView[]): string[] {
  return changes.flatMap((change) => [
    `${paint('bold', change.package)}  ${stateOf(paint, change)}  ${paint('dim', `since ${change.since}`)}  ${oneLine(change.because)}`,
    ...change.changed.map((one) => `  ${oneLine(changedText(one))} at ${one.at}`),
  ]);
}

/** One line for each change that waits for somebody, with the command that brings it. */
export function announcedLines(paint: Paint, changes: readonly ChangeView[]): string[] {
  return changes.flatMap(({ package: pkg, state, changed, plan }) => {
    if (state !== 'announced') return [];
    const what = listed(
      changed.map(({ name, version }) => (version === undefined ? `${name} (deleted)` : `${name} v${version}`)),
    );
    const show = plan === undefined ? '' : `'fairlead plan show ${pkg} ${plan}' shows what it changes, `;
    return [
      `${paint('yellow', `values of ${pkg} changed`)}: ${oneLine(what)}`,
      paint('dim', `  ${show}'fairlead values apply ${pkg}' brings it`),
    ];
  });
}

const COLOURS = { gathering: 'yellow', announced: 'yellow', started: 'green', ended: 'dim' } as const;

const stateOf = (paint: Paint, { state }: ChangeView) => paint(COLOURS[state], state);
