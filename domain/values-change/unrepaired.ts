/**
 * Which layers has a rollout brought that ended badly, and nobody has edited since? What stopped the line in one stage does not go on to
 * the next because somebody edits something else there.
 */
import type { RolloutItem } from '../items/rollout.ts';
import type { ChangeItem } from '../items/values.ts';
import type { RolloutState } from '../states.ts';

const BADLY: readonly RolloutState[] = ['failed', 'errored', 'aborted'];

/** Their names; `before` is the rollout of the change before this one. */
export function unrepaired(
  { changed }: Pick<ChangeItem, 'changed'>,
  before: Pick<RolloutItem, 'state' | 'valuesChange'> | undefined,
): readonly string[] {
  if (before?.valuesChange === undefined || !BADLY.includes(before.state)) return [];
  const edited = new Set(changed.map(({ name }) => name));
  return before.valuesChange.changed.flatMap(({ name }) => (edited.has(name) ? [] : [name]));
}
