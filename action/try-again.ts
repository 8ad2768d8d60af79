/** Tries until it works or the time for it is over, with full jitter between (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
import type { Ports } from './ports.ts';

/** One try: an answer, or why another one may help. */
export type Try<T> =
  | { readonly value: T }
  | {
      readonly again: 'later';
      /** The server's own wish (`Retry-After`), in milliseconds. */
      readonly notBefore?: number | undefined;
      /** What comes of it when there is no time for another try: an answer or an exception. */
      readonly orElse: () => T;
    };

export interface TryOptions {
  /** How long to go on trying, in milliseconds. */
  readonly forMilliseconds: number;
  /** @default 500, doubled each time */
  readonly baseMilliseconds?: number;
  /** @default 10_000 */
  readonly capMilliseconds?: number;
}

/** Runs `attempt` until it answers a value; at the deadline, or when the job is cancelled, what the last try says `orElse`. */
export async function tryAgain<T>(
  { timing, cancelled }: Pick<Ports, 'timing' | 'cancelled'>,
  { forMilliseconds, baseMilliseconds = 500, capMilliseconds = 10_000 }: TryOptions,
  attempt: () => Promise<Try<T>>,
): Promise<T> {
  const deadline = timing.now() + forMilliseconds;
  for (let n = 0; ; n++) {
    const tried = await attempt();
    if ('value' in tried) return tried.value;
    const jitter = timing.random() * Math.min(capMilliseconds, baseMilliseconds * 2 ** n);
    const pause = Math.max(jitter, tried.notBefore ?? 0);
    if (cancelled.aborted || timing.now() + pause >= deadline) return tried.orElse();
    await timing.pause(pause);
    if (cancelled.aborted) return tried.orElse();
  }
}
