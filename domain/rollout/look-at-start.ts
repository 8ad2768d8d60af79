/** Everything that starting a rollout is judged by, read in the order that makes the judgement hold. */
import { keys, ranges } from '../keys.ts';
import type { Table } from '../table.ts';

/**
 * Of one package; `pkg` is absent when it is not registered. Its counter is read first and by itself: whoever gets a place after it was
 * read changes it, and the start is judged again.
 */
export async function lookAtStart(table: Pick<Table, 'get' | 'query'>, name: string, idempotencyKey?: string) {
  const counter = await table.get(keys.counter(name));
  const [pkg, environments, queue, freezes, idempotency] = await Promise.all([
    table.get(keys.package(name)),
    table.query(ranges.environments()),
    table.query(ranges.open(name)),
    table.query(ranges.freezes()),
    idempotencyKey === undefined ? undefined : table.get(keys.idempotency(name, idempotencyKey)),
  ]);
  return { pkg, environments, counter, queue, freezes, idempotency };
}
