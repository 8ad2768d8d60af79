/** Time that passes at once: what stands in the table is written as if it had been longer ago. Functions and machines keep the real clock. */
import { keys, ranges } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { replace, type Write } from '../../domain/table.ts';
import type { E2eWorld } from './e2e-world.ts';

/** The stage's soak is over. The rollout is touched too, which wakes whoever waits for it. */
export async function soakIsOver({ table }: E2eWorld, id: string, stage: string): Promise<void> {
  const rollout = await table.get(keys.rollout(id));
  if (rollout === undefined) throw new Error(`there is no rollout ${id}`);
  const deployments = await table.query(ranges.deployments(id));
  const finishedAt = new Date(Date.now() - 24 * 60 * 60_000).toISOString();
  const stood = deployments.filter((deployment) => deployment.stage === stage);
  await written(table, [
    replace(keys.rollout(id), rollout, {}),
    ...stood.map((seen) => replace(keys.deployment(id, seen.environment), seen, { finishedAt })),
  ]);
}

/** Every call that may be at work on releases of the rollout has reached its hard end. */
export async function callsAreOver({ table }: E2eWorld, id: string): Promise<void> {
  for (const { place } of await table.query(ranges.deployments(id))) {
    const lease = await table.get(leaseKey(place));
    if (lease?.operation === undefined) throw new Error(`nothing was ever at work on ${place.namespace}`);
    const operation = { ...lease.operation, hardEnd: new Date().toISOString() };
    await written(table, [replace(leaseKey(place), lease, { operation })]);
  }
}

async function written(table: E2eWorld['table'], writes: readonly Write[]): Promise<void> {
  const { committed } = await table.transact(writes);
  if (!committed) throw new Error('somebody else wrote meanwhile');
}
