/** Rollbacks on the shipped machines, planned by the real planner: their place in the queue, and that they hold. */

import { expect, test } from 'vitest';
import { hmac } from '../../adapters/aws/digest-key.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../adapters/memory/memory-parameters.ts';
import { memorySpilledLayers } from '../../adapters/memory/memory-spilled-layers.ts';
import type { DeployerInput } from '../../contracts/deployer.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { planRollout } from '../../lambdas/plan-rollout/handler.ts';
import { aChart, aStage } from '../support/items.ts';
import { type PlannerDeps, type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const [V1 = '', V2 = '', V3 = '', V4 = '', BACK = '', AGAIN = '', OTHER = ''] = Array.from(
  { length: 7 },
  (_, i) => `01JD0Z5Q6X3N8V7T2K4M9R1B0${i}`,
);
const rollback = { to: 'last-good' as const, reason: 'checkout fails', by: 'operator/ann' };

/** Charts that are nothing but their versions, and no layers. */
const planner = (deps: PlannerDeps) =>
  planRollout({
    ...deps,
    plans: memoryObjects(),
    parameters: memoryParameters(),
    charts: {
      resolve: async (_, version) => ({ found: true, digest: `sha256:${version}` }),
      pull: async () => ({ pulled: true, archive: new Uint8Array() }),
    },
    noteReads: async () => undefined,
    readChart: () => ({ ok: true, chart: aChart() }),
    digest: async (content) => hmac(new TextEncoder().encode('a key'), content),
    canonical: canonicalJson,
    layerRules: { prefix: '', labelOrder: [] },
    spilled: memorySpilledLayers(),
    chartPatience: { tries: 1, pause: async () => undefined },
  });

const request = (world: RolloutWorld, id: string, version: string) => world.request(id, [aStage()], { version });
const versionsIn = async (world: RolloutWorld, id: string) =>
  Object.fromEntries((await world.deployments(id)).map(({ environment, inputs }) => [environment, inputs.version]));

test('a rollback waits for what is under way, takes the place of what waits, and holds against the same inputs', async () => {
  let slow: string | undefined;
  const world: RolloutWorld = await rolloutWorld({
    environments: ['dev', 'eu'],
    planner,
    deployer: ({ operation, rolloutId }: DeployerInput) => {
      if (operation === 'apply') return { outcome: 'applied', revision: 1, because: 'helm applied revision 1' };
      // Each look takes its minute, as the real one does.
      if (rolloutId === slow)
        return world.time.sleep(60).over.then(() => ({ outcome: 'not-yet', because: 'pods start' }));
      return { outcome: 'ready', because: 'all ready' };
    },
  });
  for (const [id, version] of [
    [V1, '1.0.0'],
    [V2, '2.0.0'],
  ] as const) {
    await request(world, id, version);
    await world.over(id);
  }
  slow = V3;
  await request(world, V3, '3.0.0');
  await world.pass(120);
  await request(world, V4, '4.0.0');
  await world.pass(30);
  await world.request(BACK, [aStage()], { version: 'last-good', rollback });
  await world.pass(30);
  expect(await world.rollout(V4)).toMatchObject({ state: 'superseded', supersededBy: BACK });
  expect(await world.table.get(keys.wait(BACK))).toMatchObject({ on: 'queue', behind: V3 });
  slow = undefined;

  const [third, back] = await world.over(V3, BACK);
  expect([third?.state, back?.state, back?.version]).toEqual(['succeeded', 'succeeded', '2.0.0']);
  expect(await versionsIn(world, BACK)).toEqual({ dev: '2.0.0', eu: '2.0.0' });
  for (const environment of ['dev', 'eu']) {
    expect(await world.table.get(keys.release(environment, 'webui'))).toMatchObject({
      version: '2.0.0',
      rolloutId: BACK,
    });
    expect(await world.table.query(ranges.quarantines(environment, 'webui'))).toMatchObject([
      { version: '3.0.0', rolloutId: BACK, because: '3.0.0 was rolled back by operator/ann: checkout fails' },
    ]);
  }

  await request(world, AGAIN, '3.0.0');
  await request(world, OTHER, '5.0.0');
  const [again, other] = await world.over(AGAIN, OTHER);
  expect([again?.state, other?.state]).toEqual(['failed', 'succeeded']);
  // The first that is blocked spends the stage's budget.
  const codes = (await world.deployments(AGAIN)).map(({ outcome }) => outcome?.code);
  expect(codes.toSorted()).toEqual(['quarantined', 'stopped']);
  expect(world.deadLetters).toEqual([]);
});

test('a rollback that ends badly leaves no quarantine of what it was to replace', async () => {
  const failure = { code: 'not-ready', because: 'pods crash' };
  let bad: string | undefined;
  const world = await rolloutWorld({
    environments: ['dev'],
    planner,
    deployer: ({ operation, rolloutId }: DeployerInput) => {
      if (operation === 'apply') return { outcome: 'applied', revision: 1, because: 'helm applied revision 1' };
      if (operation === 'evidence') return { outcome: 'kept', key: 'evidence' };
      if (operation === 'roll-back') return { outcome: 'refused', because: 'no good revision is left' };
      return rolloutId === bad ? { outcome: 'failed', failure } : { outcome: 'ready', because: 'all ready' };
    },
  });
  for (const [id, version] of [
    [V1, '1.0.0'],
    [V2, '2.0.0'],
  ] as const) {
    await request(world, id, version);
    await world.over(id);
  }
  bad = BACK;
  await world.request(BACK, [aStage()], { version: 'last-good', rollback });
  const [back] = await world.over(BACK);
  expect(back?.state).toBe('failed');
  const [first] = await world.deployments(V1);
  const quarantines = await world.table.query(ranges.quarantines('dev', 'webui'));
  expect(quarantines.map(({ inputsDigest }) => inputsDigest)).toEqual([first?.inputs.digest]);
  expect(await world.table.get(keys.hold('dev', 'webui'))).toMatchObject({ kind: 'failed-rollback' });
});
