/**
 * Is a layer that differs from what was attempted last a change that nobody has seen? Only when it was made after that
 * rollout was asked for. A rollback brings older layers back on purpose, and what stood in Parameter Store then stays out until somebody
 * edits again; a label that an environment got makes no change of older layers either.
 */
import type { ChangedParameter, RolloutItem } from '../items/rollout.ts';

/** Of a layer whose bytes differ from those that `attempted` has brought. */
export function isMissed(
  { version, at }: Pick<ChangedParameter, 'version' | 'at'>,
  attempted: Pick<RolloutItem, 'createdAt' | 'rollback'>,
): boolean {
  // When something was deleted nobody tells.
  if (version === undefined) return attempted.rollback === undefined;
  return Date.parse(at) > Date.parse(attempted.createdAt);
}
