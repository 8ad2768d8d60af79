/** The line of the history that says who passed freezes, and why. */
import type { NewEvent } from '../events.ts';
import type { Override } from '../items/rollout.ts';

/** One event for an override, none without. */
export function overridden(override: Override | undefined): readonly NewEvent[] {
  if (override === undefined) return [];
  const { at, by, role, reason } = override;
  return [{ at, kind: 'freeze-overridden', text: `goes on in spite of freezes that let ${role} pass: ${reason}`, by }];
}
