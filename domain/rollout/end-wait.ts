/** A wait that is over is forgotten, and with it whoever stands among those that the end of a freeze wakes. */
import type { WaitItem } from '../items/waiting.ts';
import { keys } from '../keys.ts';
import { remove, type Write } from '../table.ts';

/** The writes that forget a wait, where there is one. */
export function endWait(rolloutId: string, wait: WaitItem | undefined): readonly Write[] {
  return wait === undefined ? [] : [remove(keys.wait(rolloutId), wait), ...leaveFreezes(rolloutId, wait)];
}

/** The write that says: no freeze's end concerns it any more. */
export function leaveFreezes(rolloutId: string, wait: WaitItem | undefined): readonly Write[] {
  return wait?.on === 'freeze' ? [{ do: 'delete', key: keys.waiter(rolloutId), expect: 'any' }] : [];
}

/** The write that says: whatever ends a freeze wakes it. It belongs to the transaction that stores its wait. */
export function joinFreezes(rolloutId: string): Write {
  const item = { type: 'waiter', v: 1, rev: 1, rolloutId } as const;
  return { do: 'put', key: keys.waiter(rolloutId), item, expect: 'any' };
}
