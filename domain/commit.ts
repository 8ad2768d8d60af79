/** Read, decide, write; and when somebody else was faster, read and decide again. */
import type { Conflict, Table, Write } from './table.ts';

export interface Attempt<R> {
  readonly writes: readonly Write[];
  readonly result: R;
}

/** Waits between tries; `random` is 0–1. Passed in so that tests do not wait. */
export interface Patience {
  readonly tries: number;
  pause(attempt: number): Promise<void>;
}

/** Somebody else kept winning. A bug or a storm: the platform's retry is the right answer. */
export class StillContended extends Error {
  override readonly name = 'StillContended';
}

/**
 * Runs `look` (which reads and decides) and commits its writes, again as long as they conflict.
 * No writes means nothing to do: the result is returned at once. `look` is told what its last writes met (nothing at
 * the first time), so that it may read again only what has changed.
 * @throws StillContended after `patience.tries`.
 */
export async function commit<R>(
  table: Pick<Table, 'transact'>,
  patience: Patience,
  look: (met: readonly Conflict[]) => Promise<Attempt<R>>,
): Promise<R> {
  let met: readonly Conflict[] = [];
  for (let attempt = 1; attempt <= patience.tries; attempt++) {
    const { writes, result } = await look(met);
    if (writes.length === 0) return result;
    const answer = await table.transact(writes);
    if (answer.committed) return result;
    met = answer.conflicts;
    await patience.pause(attempt);
  }
  throw new StillContended(`no write went through in ${patience.tries} tries`);
}
