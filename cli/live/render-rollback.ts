/** That a rollout is a rollback, wherever its version stands. */
import type { RolloutSummary } from '../../contracts/api/rollout.ts';
import type { Paint } from '../paint.ts';
import { firstLine } from '../plain.ts';

/** `1.4.1`, or `1.4.1 (rollback)`, or `1.4.1 (values changed)`, or `1.4.1 (freeze overridden)`. */
export function versionText({
  version,
  rollback,
  valuesChange,
  override,
}: Pick<RolloutSummary, 'version' | 'rollback' | 'valuesChange' | 'override'>): string {
  const marks = [
    ...(rollback === undefined ? [] : ['rollback']),
    ...(valuesChange === undefined ? [] : ['values changed']),
    ...(override === undefined ? [] : ['freeze overridden']),
  ];
  return marks.length === 0 ? version : `${version} (${marks.join(', ')})`;
}

/** Why it rolls back and who wants it; nothing of other rollouts. */
export function rollbackLines(paint: Paint, { rollback }: Pick<RolloutSummary, 'rollback'>): string[] {
  if (rollback === undefined) return [];
  const to = rollback.to === 'last-good' ? 'what was good before' : rollback.to.version;
  return [paint('yellow', `rolls back to ${to}, by ${rollback.by}: ${firstLine(rollback.reason)}`)];
}
