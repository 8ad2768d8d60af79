/** Retry and Catch of one state (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html). */
import type { Catcher, Retrier } from './definition.ts';
import { type AslFailure, matchesError, toFailure } from './failure.ts';

export interface Trouble {
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
}

export interface RetryDeps {
  pause(seconds: number): Promise<void>;
  /** 0–1, for full jitter. */
  random(): number;
}

export type Tried<T> =
  | { readonly is: 'done'; readonly value: T }
  | { readonly is: 'caught'; readonly by: Catcher; readonly failure: AslFailure };

/**
 * Runs `attempt` (told how many retries came before) until it works, no retrier is left, or a catcher takes its failure.
 * @throws AslFailure that nothing takes; and at once what `mustEnd` says is the end of the whole execution.
 */
export async function tryHard<T>(
  { Retry, Catch }: Trouble,
  attempt: (retries: number) => Promise<T>,
  deps: RetryDeps & { mustEnd(thrown: unknown): boolean },
): Promise<Tried<T>> {
  const counts = new Map<Retrier, number>();
  for (let retries = 0; ; retries++) {
    try {
      return { is: 'done', value: await attempt(retries) };
    } catch (thrown) {
      if (deps.mustEnd(thrown)) throw thrown;
      const failure = toFailure(thrown);
      const retrier = Retry.find(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
      const count = retrier === undefined ? 0 : (counts.get(retrier) ?? 0);
      if (retrier === undefined || count >= retrier.MaxAttempts) return caught(Catch, failure);
      counts.set(retrier, count + 1);
      await deps.pause(delayOf(retrier, count, deps));
    }
  }
}

function caught<T>(catchers: readonly Catcher[], failure: AslFailure): Tried<T> {
  const by = catchers.find(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
  if (by === undefined) throw failure;
  return { is: 'caught', by, failure };
}

function delayOf(
  { IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy }: Retrier,
  count: number,
  { random }: RetryDeps,
): number {
  const delay = Math.min(IntervalSeconds * BackoffRate ** count, MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return JitterStrategy === 'FULL' ? delay * random() : delay;
}
