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

/** For writes that 40 siblings may contend for: up to 30 tries, within some ten seconds. */
export const FOR_CONTENTION: FullJitterProps = { tries: 30, baseMilliseconds: 10, capMilliseconds: 500 };
