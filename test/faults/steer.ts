/** What people do with rollouts that are under way or over, through the API like anybody. */
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { isOpen } from '../../domain/states.ts';
import type { Call } from './api.ts';
import type { Random } from './random.ts';

export interface SteerDeps {
  readonly call: Call;
  readonly random: Random;
  readonly table: MemoryTable;
  readonly environments: readonly string[];
  sleep(seconds: number): Promise<void>;
}

const reason = 'because of the simulation';

/** One deed, on some rollout or environment. */
export async function steer(deps: SteerDeps): Promise<void> {
  const { random, table } = deps;
  const { items } = await table.rolloutsOf('webui', { limit: 10 });
  if (items.length === 0) return;
  const rollout = random.pick(items);
  if (!isOpen(rollout.state)) return random.pick([retry, rollBack, lift, freeze])(deps, rollout);
  return random.pick([abort, abort, hold, freeze, speak])(deps, rollout);
}

/** Once all is over: what failed is tried again, what succeeded is taken back. */
export async function steerOver(deps: SteerDeps): Promise<void> {
  const { items } = await deps.table.rolloutsOf('webui', { limit: 10 });
  const bad = items.filter(({ state }) => state === 'failed' || state === 'errored');
  if (bad.length > 0 && deps.random.chance(0.7)) return retry(deps, deps.random.pick(bad));
  return deps.random.chance(0.5) ? rollBack(deps) : lift(deps);
}

/** Whoever is asked for a word on a stage gives one, sooner or later. */
export async function speak({ call, random, table }: SteerDeps, { id, plan }: RolloutItem): Promise<void> {
  const waits = table.all().find((item) => item.type === 'wait' && item.rolloutId === id && item.on === 'gate');
  const gated = plan?.stages.filter(({ gate }) => gate !== undefined) ?? [];
  const stage = waits?.type === 'wait' ? waits.stage : gated[0]?.name;
  if (stage === undefined) return;
  const decision = random.chance(0.85) ? 'approve' : 'refuse';
  await call('PUT', `/packages/webui/rollouts/${id}/stages/${stage}/approval`, { body: { decision, reason } });
}

async function abort({ call }: SteerDeps, { id }: RolloutItem): Promise<void> {
  await call('POST', `/packages/webui/rollouts/${id}/abort`, { body: { reason } });
}

async function retry({ call }: SteerDeps, { id }: RolloutItem): Promise<void> {
  await call('POST', `/packages/webui/rollouts/${id}/retry`, { body: { reason } });
}

async function rollBack({ call, random, environments }: SteerDeps): Promise<void> {
  const targets = random.chance(0.5) ? {} : { targets: [{ target: { name: random.pick(environments) } }] };
  await call('POST', '/packages/webui/rollbacks', { body: { to: 'last-good', reason, ...targets } });
}

async function lift({ call, random, environments }: SteerDeps): Promise<void> {
  await call('POST', `/environments/${random.pick(environments)}/packages/webui/lift`, { body: { reason } });
}

/** For a while. */
async function hold({ call, random, environments, sleep }: SteerDeps): Promise<void> {
  const path = `/environments/${random.pick(environments)}/packages/webui/hold`;
  await call('PUT', path, { body: { reason, kind: random.pick(['hold', 'disabled']) } });
  await sleep(random.between(1, 600));
  await call('DELETE', path);
}

/** For a while, or until a time. */
async function freeze({ call, random, environments, sleep }: SteerDeps): Promise<void> {
  const target = random.chance(0.5) ? {} : { name: random.pick(environments) };
  await call('PUT', '/freezes/night', { body: { window: { is: 'until-lifted' }, target, reason } });
  await sleep(random.between(1, 900));
  await call('DELETE', '/freezes/night');
}
