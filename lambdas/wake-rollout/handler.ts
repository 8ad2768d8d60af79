import { Batch, type PlaceChanged, WaitMayEnd } from '../../contracts/stream-record.ts';
import { type BatchAnswer, handleEach } from '../../domain/handle-each.ts';
import type { WaitItem } from '../../domain/items/waiting.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Log, Machines, RetryQueue } from '../../domain/ports.ts';
import { GIVES_WAY, mayOvertake } from '../../domain/rollout/rules/supersede.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Pick<Table, 'get' | 'query'>;
  readonly machines: Pick<Machines, 'wake'>;
  readonly retry: RetryQueue;
  readonly log: Log;
}

/** Waits that are read together. */
const AT_ONCE = 20;

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

  /** Those for whom `concerns` holds, some at a time: most of a long queue does not wait for this place. */
  const wakeWhere = async (
    places: readonly { readonly rolloutId: string }[],
    concerns: (wait: WaitItem) => boolean,
  ): Promise<void> => {
    for (let from = 0; from < places.length; from += AT_ONCE) {
      const some = places.slice(from, from + AT_ONCE);
      const waits = await Promise.all(some.map(({ rolloutId }) => table.get(keys.wait(rolloutId))));
      for (const wait of waits) if (wait !== undefined && concerns(wait)) await wake(wait);
    }
  };

  /** Whoever waits behind it may go; and what waits before one that is planned now may be left to it. */
  const placeChanged = async ({ package: pkg, rolloutId, sequence, planned }: PlaceChanged): Promise<void> => {
    const queue = await table.query(ranges.open(pkg));
    const behind = queue.filter((place) => place.sequence > sequence);
    await wakeWhere(behind, (wait) => wait.on === 'queue' && (wait.behind ?? rolloutId) === rolloutId);
    const here = queue.find((place) => place.sequence === sequence);
    if (!planned || here === undefined) return;
    const overtaken = queue.filter((place) => place.sequence < sequence && mayOvertake(here, place));
    await wakeWhere(overtaken, ({ on }) => GIVES_WAY.includes(on));
  };

  /** Each looks for itself whether another freeze still holds it. */
  const freezeChanged = async (): Promise<void> => {
    await wakeWhere(await table.query(ranges.waiters()), ({ on }) => on === 'freeze');
  };

  const handle = async (record: unknown): Promise<void> => {
    const changed = WaitMayEnd.parse(record);
    if (changed.type === 'rollout') return rolloutChanged(changed.id, changed.rev);
    if (changed.type === 'freeze') return freezeChanged();
    return placeChanged(changed);
  };
  return async (event: unknown): Promise<BatchAnswer> => handleEach(Batch.parse(event), { handle, retry, log });
}
