import { Batch, WaitMayEnd } from '../../contracts/stream-record.ts';
import { type BatchAnswer, handleEach } from '../../domain/handle-each.ts';
import type { WaitItem } from '../../domain/items/waiting.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Log, Machines, RetryQueue } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Pick<Table, 'get' | 'query'>;
  readonly machines: Pick<Machines, 'wake'>;
  readonly retry: RetryQueue;
  readonly log: Log;
}

/**
 * Wakes whoever waits on what has changed. Whoever is woken looks again and may well wait on: too many wake-ups cost a
 * moment, too few cost hours.
 */
export function wakeRollout({ table, machines, retry, log }: Deps) {
  const wake = async ({ rolloutId, token, on }: WaitItem): Promise<void> => {
    const outcome = await machines.wake(token);
    log.info('rollout woken', { rolloutId, on, outcome });
  };

  /** Only by what is newer than the wait itself: storing a wait changes the rollout too. */
  const rolloutChanged = async (id: string, rev: number): Promise<void> => {
    const wait = await table.get(keys.wait(id));
    if (wait !== undefined && rev > wait.rolloutRev) await wake(wait);
  };

  const placeChanged = async (pkg: string, sequence: number): Promise<void> => {
    const behind = await table.query(ranges.open(pkg), { after: keys.open(pkg, sequence).sk });
    for (const { rolloutId } of behind) {
      const wait = await table.get(keys.wait(rolloutId));
      if (wait?.on === 'queue') await wake(wait);
    }
  };

  const handle = async (record: unknown): Promise<void> => {
    const changed = WaitMayEnd.parse(record);
    if (changed.type === 'rollout') return rolloutChanged(changed.id, changed.rev);
    return placeChanged(changed.package, changed.sequence);
  };
  return async (event: unknown): Promise<BatchAnswer> => handleEach(Batch.parse(event), { handle, retry, log });
}
