import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, as it reads after "waited 20 s for …". */
  readonly what: string;
  readonly deadlineMs: number;
  /** Pause between two looks. @default 50 */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks again and again until `look` answers something other than `undefined`, and answers that. A `look` that throws ends
 * the wait with its error: only "not yet" is waited for. Rejects after `deadlineMs`, naming what did not come.
 */
export async function waitUntil<T>(look: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const { what, deadlineMs, everyMs = 50, signal } = options;
  const end = performance.now() + deadlineMs;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() >= end) throw new Error(`waited ${Math.round(deadlineMs / 1000)} s for ${what}, in vain`);
    await pause(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}
