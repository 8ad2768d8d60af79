/** The standing wishes that a successful rollout leaves behind: one a target, and only over those of lower sequences. */
import type { AssignmentItem } from '../items/queue.ts';
import type { RolloutItem } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { type Write, write } from '../table.ts';
import type { Labels } from '../target.ts';

/** Names a target, whatever the order of its labels. */
export type NameTarget = (target: Labels) => string;

/**
 * The writes that make `rollout` the wish for each of its targets, given the package's assignments. One that only brings changed
 * values reaches less than its targets, and the wish for their version stands already.
 */
export function assign(
  rollout: RolloutItem,
  standing: readonly AssignmentItem[],
  nameTarget: NameTarget,
  now: Date,
): Write[] {
  const { plan } = rollout;
  if (plan === undefined || rollout.valuesChange !== undefined) return [];
  const targets = new Map(plan.stages.flatMap(({ targets }) => targets).map((target) => [nameTarget(target), target]));
  const byName = new Map(standing.map((assignment) => [nameTarget(assignment.target), assignment]));
  return [...targets].flatMap(([name, target]) => {
    const before = byName.get(name);
    if (before !== undefined && before.sequence >= rollout.sequence) return [];
    return [
      write(keys.assignment(rollout.package, name), before, {
        type: 'assignment',
        v: 1,
        package: rollout.package,
        target,
        rolloutId: rollout.id,
        sequence: rollout.sequence,
        version: rollout.version,
        inputsDigest: plan.digest,
        at: now.toISOString(),
      }),
    ];
  });
}
