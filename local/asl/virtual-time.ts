/**
 * Time that nobody waits for. It stands still while anything can still happen now, and then leaps to the next moment
 * that somebody sleeps until. What runs in it must not wait for anything real: no sockets, no timers of Node's.
 */
import { setImmediate as turn } from 'node:timers/promises';

export interface Sleep {
  readonly over: Promise<void>;
  /** Nobody waits for it any more. It never ends then. */
  cancel(): void;
}

export interface VirtualTime {
  now(): Date;
  /** Endless where `seconds` is infinite. */
  sleep(seconds: number): Sleep;
  /**
   * Lets time pass until `work` has settled, and gives its result.
   * @throws NothingLeft when it never would.
   */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Nobody sleeps, nothing happens, and the work is not over: it waits for something that never comes. */
export class NothingLeft extends Error {
  override readonly name = 'NothingLeft';
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  wake(): void;
}

/** Time that begins at `start`. */
export function virtualTime(start: Date): VirtualTime {
  const sleepers = new Set<Sleeper>();
  let now = start.getTime();
  let order = 0;

  const next = (): Sleeper | undefined =>
    [...sleepers].reduce<Sleeper | undefined>(
      (first, one) => (first && !isBefore(one, first) ? first : one),
      undefined,
    );

  return {
    now: () => new Date(now),

    sleep(seconds) {
      const { promise, resolve } = Promise.withResolvers<void>();
      order += 1;
      const sleeper: Sleeper = { at: now + Math.max(0, seconds) * 1000, order, wake: resolve };
      if (Number.isFinite(seconds)) sleepers.add(sleeper);
      return { over: promise, cancel: () => void sleepers.delete(sleeper) };
    },

    async run(work) {
      let settled = false;
      const settle = () => {
        settled = true;
      };
      work.then(settle, settle);
      for (;;) {
        await turn();
        if (settled) return work;
        const first = next();
        if (first === undefined) throw new NothingLeft(`nothing is left to happen at ${new Date(now).toISOString()}`);
        sleepers.delete(first);
        now = Math.max(now, first.at);
        first.wake();
      }
    },
  };
}

const isBefore = (one: Sleeper, other: Sleeper) =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
