/** May this write still go through? The one judgement of the fence, whatever carries the writes. */
import type { Clock } from '../../domain/ports.ts';

export interface WriteFenceProps {
  /** Is the lease still ours? Asked before writes, at most once a second; an error counts as no. */
  readonly holds: () => Promise<boolean>;
  /** From then on every write is late. Asked each time, for it moves on while a lease is renewed. */
  readonly writesEnd: () => Date;
  readonly now: Clock;
}

/** What was heard holds this long, from when it was asked for. */
const HELD_FOR_MS = 1000;
/** An answer that took longer is asked for again: the process may have been frozen over it, and the lease be lost since. */
const STALE_MS = 5000;

/** Answers for each write. Once lost, a lease never comes back. */
export function writeFence({ holds, writesEnd, now }: WriteFenceProps): () => Promise<boolean> {
  let lost = false;
  let heldAt: number | undefined;
  let asking: Promise<void> | undefined;
  // A clock that is set back makes nothing young: what lies ahead of it is as old as can be.
  const isYoung = (time: number, forMs: number) => {
    const age = now().getTime() - time;
    return age >= 0 && age < forMs;
  };
  const isLate = () => now() >= writesEnd();
  const ask = async () => {
    while (!lost && !isLate()) {
      const asked = now().getTime();
      lost = !(await holds().catch(() => false));
      if (!isYoung(asked, STALE_MS)) continue;
      heldAt = asked;
      return;
    }
  };
  return async () => {
    if (lost || isLate()) return false;
    if (heldAt !== undefined && isYoung(heldAt, HELD_FOR_MS)) return true;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    await asking;
    return !lost && !isLate();
  };
}
