/**
 * Waits that grow and scatter, so that many who lost the same race do not meet again at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Patience } from '../domain/commit.ts';

export interface FullJitterProps {
  readonly tries: number;
  readonly baseMilliseconds: number;
  readonly capMilliseconds: number;
}

/** A patience of up to `tries` tries; the pause after try n is 0 to min(cap, base × 2ⁿ) milliseconds. */
export function fullJitter({ tries, baseMilliseconds, capMilliseconds }: FullJitterProps): Patience {
  return {
    tries,
    pause: (attempt) => wait(Math.random() * Math.min(capMilliseconds, baseMilliseconds * 2 ** attempt)),
  };
}

/**
 * For writes that 40 siblings may contend for: up to 25 tries, within some twenty seconds of a function's thirty. Modelled
 * with 40 at once on one server that is busy (20 ms a read, 40 ms a write), pauses of 10 to 500 ms or 25 to 1000 ms took six to
 * nine tries a write, and some ran out of them; these take four, and all are through a quarter sooner. With an idle server
 * (4 and 8 ms) it makes no difference.
 */
export const FOR_CONTENTION: FullJitterProps = { tries: 25, baseMilliseconds: 50, capMilliseconds: 2000 };
