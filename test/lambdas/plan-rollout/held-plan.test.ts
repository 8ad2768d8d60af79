/** A rollout that names a plan: carried out as it was planned, or refused with what has changed since. */
import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { createPlan } from '../../../domain/plans/new-plan.ts';
import { startRollout } from '../../../domain/rollout/start-rollout.ts';
import type { Write } from '../../../domain/table.ts';
import { anEnvironment, aPackage, aPlan, aStage, NOW, PLAN, ROLLOUT } from '../../support/items.ts';
import { planWorld } from '../../support/plan-world.ts';

const ENVIRONMENTS = ['dev', 'prod'].map((name) => anEnvironment({ name, labels: { ring: name } }));
const LAYER = 'webui-service-helm-values';

/** A plan that is ready, on layers that a test may change before the rollout is planned. */
async function planned(chartDigest = () => 'sha256:chart') {
  const table = memoryTable();
  const world = planWorld({ table, resolve: async () => ({ found: true, digest: chartDigest() }) });
  const put = (write: Omit<Extract<Write, { do: 'put' }>, 'do' | 'expect'>) =>
    table.transact([{ do: 'put', expect: 'any', ...write }]);
  await put({ key: keys.package('webui'), item: aPackage() });
  for (const item of ENVIRONMENTS) await put({ key: keys.environment(item.name), item });
  world.parameters.put(LAYER, 'a: 1\n');
  world.parameters.put(`${LAYER}.label.ring.prod`, 'b: 1\n');
  const { id, package: pkg, version, stages, principal } = aPlan();
  const asked = { version, stages, values: { c: 1 }, principal };
  await table.transact([createPlan({ id, package: pkg, because: 'asked for', ...asked }, NOW)]);
  await world.work();
  const digest = (await world.planOf(PLAN))?.digest ?? '';
  /** Starts a rollout that names the plan, and plans it. */
  const rollOut = async (changes: Partial<typeof asked> = {}) => {
    const environments = await table.query(ranges.environments());
    const seen = { pkg: aPackage(), environments, queue: [] };
    const what = { id: ROLLOUT, claimed: {}, planned: { id: PLAN, digest }, ...asked, ...changes };
    const answer = startRollout(seen, what, NOW);
    if (answer.answer !== 'accepted') throw new Error(answer.answer);
    await table.transact(answer.writes);
    return await world.planner({ v: 1, rolloutId: ROLLOUT, run: 1 });
  };
  return { table, put, ...world, rollOut };
}

test('nothing has changed: it is planned like any other, with the very inputs of the plan', async () => {
  const { rollOut, table, plans } = await planned();
  expect(await rollOut()).toEqual({ outcome: 'planned' });
  const deployments = await table.query(ranges.deployments(ROLLOUT));
  expect(deployments.map(({ environment, state }) => [environment, state])).toEqual([
    ['dev', 'pending'],
    ['prod', 'pending'],
  ]);
  // Its own copies, so that it lives as long as the rollout does, and not as long as the plan.
  expect(plans.keys()).toContain(`rollouts/${ROLLOUT}/plan.json`);
  expect(deployments[0]?.inputs.layers[0]?.copy).toMatch(new RegExp(`^rollouts/${ROLLOUT}/`));
});

test('a parameter that was put again with the same bytes changes nothing', async () => {
  const { rollOut, parameters } = await planned();
  parameters.put(LAYER, 'a: 1\n');
  expect(await rollOut()).toEqual({ outcome: 'planned' });
});

const AGAIN = 'nothing was touched: plan again (fairlead plan webui 1.4.2)';

test('a parameter that changed since refuses it, named with its versions and the environments that use it', async () => {
  const { rollOut, parameters, table, plans } = await planned();
  parameters.put(`${LAYER}.label.ring.prod`, 'b: hunter2\n');
  expect(await rollOut()).toEqual({
    outcome: 'refused',
    code: 'plan-changed',
    because: `plan ${PLAN} does not hold any more, layer ${LAYER}.label.ring.prod version 1 → 2 (prod); ${AGAIN}`,
  });
  expect(await table.query(ranges.deployments(ROLLOUT))).toEqual([]);
  expect(plans.keys()).not.toContain(`rollouts/${ROLLOUT}/plan.json`);
});

test('so does a chart that was pushed again under its version', async () => {
  let chart = 'sha256:chart';
  const { rollOut } = await planned(() => chart);
  chart = 'sha256:other';
  expect(await rollOut()).toMatchObject({
    code: 'plan-changed',
    because: `plan ${PLAN} does not hold any more, chart 1.4.2 (sha256:chart…) → 1.4.2 (sha256:other…) (dev, prod); ${AGAIN}`,
  });
});

test('so does an environment that was registered since', async () => {
  const { rollOut, put } = await planned();
  await put({ key: keys.environment('new'), item: anEnvironment({ name: 'new' }) });
  expect(await rollOut()).toMatchObject({
    code: 'plan-changed',
    because: expect.stringContaining('was not in it (new)'),
  });
});

test('so do other stages, or values of its own', async () => {
  const stages = [aStage({ name: 'canary' })];
  expect(await (await planned()).rollOut({ stages })).toMatchObject({
    because: expect.stringContaining('stage everyone → canary (dev, prod)'),
  });
  expect(await (await planned()).rollOut({ values: { c: 2 } })).toMatchObject({
    because: expect.stringContaining("the rollout's own values (dev, prod)"),
  });
});

test('a plan whose file is gone cannot say what changed, only that it did', async () => {
  const world = await planned();
  world.parameters.put(LAYER, 'a: 2\n');
  const get = world.plans.get;
  world.plans.get = async (key) => (key.startsWith('plans/') ? undefined : get(key));
  expect(await world.rollOut()).toMatchObject({
    code: 'plan-changed',
    because: `plan ${PLAN} does not hold any more, and what it was made of is not kept: ${AGAIN}`,
  });
});
