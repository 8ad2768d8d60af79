/** May this write still go through? The one judgement of the fence, whatever carries the writes. */
import type { Clock } from '../../domain/ports.ts';

export interface WriteFenceProps {
  /** Is the lease still ours? Asked before writes, at most once a second; an error counts as no. */
  readonly holds: () => Promise<boolean>;
  /** From then on every write is late. Asked each time, for it moves on while a lease is renewed. */
  readonly writesEnd: () => Date;
  readonly now: Clock;
}

const HELD_FOR_MS = 1000;

/** Answers for each write. Once lost, a lease never comes back. */
export function writeFence({ holds, writesEnd, now }: WriteFenceProps): () => Promise<boolean> {
  let lost = false;
  let heldUntil = 0;
  let asking: Promise<boolean> | undefined;
  return async () => {
    if (lost || now() >= writesEnd()) return false;
    if (now().getTime() < heldUntil) return true;
    asking ??= holds()
      .catch(() => false)
      .finally(() => {
        asking = undefined;
      });
    if (await asking) heldUntil = now().getTime() + HELD_FOR_MS;
    else lost = true;
    return !lost && now() < writesEnd();
  };
}
