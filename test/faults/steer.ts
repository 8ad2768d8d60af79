/** What people do with a rollout that is under way. */
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { Call } from './api.ts';
import type { Random } from './random.ts';

export interface SteerDeps {
  readonly call: Call;
  readonly random: Random;
  readonly table: MemoryTable;
}

/** One deed, on some rollout. */
export async function steer({ call, random, table }: SteerDeps): Promise<void> {
  const { items } = await table.rolloutsOf('webui', { limit: 10 });
  if (items.length === 0) return;
  const { id } = random.pick(items);
  await call('POST', `/packages/webui/rollouts/${id}/abort`, { body: { reason: 'enough' } });
}
