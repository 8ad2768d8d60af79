/** What is waited on, since when, until when, and who or what can end it: never less than all four. Pure. */
import type { DeploymentView, RolloutView } from '../../contracts/api/rollout.ts';
import type { Paint } from '../paint.ts';
import { oneLine, plain } from '../plain.ts';

type Wait = NonNullable<RolloutView['waiting']>;

/** Three lines about a rollout that waits. */
export function waitLines(paint: Paint, { on, stage, because, since, until, who }: Wait, now: Date): string[] {
  const where = stage === undefined ? '' : ` (stage ${stage})`;
  return [
    paint('yellow', `waits on ${on}${where}: ${oneLine(because)}`),
    paint(
      'dim',
      `  since ${since}, ${span(Date.parse(since), now)}; until ${until}, in ${span(now, Date.parse(until))}`,
    ),
    `  ended by: ${plain(who)}`,
  ];
}

/** The same for one deployment that is put off, short enough for a cell. */
export function putOffText({ on, until, because }: NonNullable<DeploymentView['putOff']>): string {
  return `waits on ${on} until ${until}: ${oneLine(because)}`;
}

/** `40 s`, `12 min`, `3.5 h`, `4 d`; never negative. */
export function span(from: Date | number, to: Date | number): string {
  const seconds = Math.max(0, Math.round((Number(to) - Number(from)) / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 360) / 10;
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
