/** Everything that a rollout's next step depends on, read consistently. Every write checks again what it rests on. */

import type { EventsItem } from '../items/history.ts';
import type { WaitItem } from '../items/waiting.ts';
import { keys, ranges } from '../keys.ts';
import type { Table } from '../table.ts';
import type { RolloutSeen } from './decide-next.ts';

/** With what is needed to write it down. */
export interface WholeRollout extends RolloutSeen {
  readonly events: EventsItem;
  readonly wait?: WaitItem | undefined;
}

/** Items that are written together were not found together. A bug. */
export class RolloutIncomplete extends Error {
  override readonly name = 'RolloutIncomplete';
}

/** Reads a rollout, its deployments, its package's queue, its history's counter and its wait; nothing when there is no such rollout. */
export async function lookAtRollout(
  table: Pick<Table, 'get' | 'query'>,
  id: string,
): Promise<WholeRollout | undefined> {
  const rollout = await table.get(keys.rollout(id));
  if (rollout === undefined) return undefined;
  const [deployments, queue, approvals, statuses, freezes, events, wait] = await Promise.all([
    table.query(ranges.deployments(id)),
    table.query(ranges.open(rollout.package)),
    table.query(ranges.approvals(id)),
    table.query(ranges.statuses(id)),
    table.query(ranges.freezes()),
    table.get(keys.events(id)),
    table.get(keys.wait(id)),
  ]);
  if (events === undefined) throw new RolloutIncomplete(`rollout ${id} has no history`);
  return { rollout, deployments, queue, approvals, statuses, freezes, events, wait };
}
