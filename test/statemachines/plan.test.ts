/** The machine of plans by themselves, with the real stories of its function and played deployers. */
import { expect, test } from 'vitest';
import { memoryTable } from '../../adapters/memory/memory-table.ts';
import { PlanFile } from '../../contracts/plan.ts';
import { PlanResult } from '../../contracts/plan-diff.ts';
import { PreviewInput } from '../../contracts/preview.ts';
import type { EnvironmentItem } from '../../domain/items/registry.ts';
import { keys } from '../../domain/keys.ts';
import { createPlan } from '../../domain/plans/new-plan.ts';
import { planKey, planResultKey } from '../../domain/rollout/frozen-plan.ts';
import { aHold, anEnvironment, aPackage, aPlan, aQuarantine, aStage, NOW, PLAN } from '../support/items.ts';
import { PLAYED, type PlanWorldProps, planWorld, scaled } from '../support/plan-world.ts';
import { load, play, throws } from './scripted.ts';

const named = (count: number) =>
  Array.from({ length: count }, (_, i) => anEnvironment({ name: `env-${String(i).padStart(3, '0')}` }));

async function worldOf(
  props: Omit<PlanWorldProps, 'table'> = {},
  environments: readonly EnvironmentItem[] = named(12),
) {
  const table = memoryTable();
  const world = planWorld({ table, ...props });
  const pkg = aPackage();
  await table.transact([{ do: 'put', key: keys.package(pkg.name), item: pkg, expect: 'absent' }]);
  for (const item of environments)
    await table.transact([{ do: 'put', key: keys.environment(item.name), item, expect: 'absent' }]);
  return { table, ...world };
}

type World = Awaited<ReturnType<typeof worldOf>>;

const ask = async ({ table }: World, given: Partial<Parameters<typeof createPlan>[0]> = {}) => {
  const { id, package: pkg, version, stages, values, principal, because } = aPlan();
  await table.transact([createPlan({ id, package: pkg, version, stages, values, principal, because, ...given }, NOW)]);
};
const resultOf = async ({ plans }: World) => {
  const file = await plans.get(planResultKey(PLAN));
  return file && PlanResult.parse(JSON.parse(new TextDecoder().decode(file)));
};

test('a plan that is inserted is started, worked out in batches by the deployers, put together and ready', async () => {
  const calls: [string, unknown][] = [];
  const world = await worldOf({
    deployer: (environment) => (environment === 'env-007' ? scaled() : {}),
    onCall: (name, payload) => name !== 'plan-rollout' && calls.push([name, payload]),
  });
  await ask(world);
  await world.work();
  expect(world.executions.map(({ name }) => name)).toEqual([`${PLAN}-webui`]);
  expect(
    calls
      .map(([, payload]) => PreviewInput.parse(payload))
      .map((asked) => 'environments' in asked && asked.environments.length),
  ).toEqual([10, 2]);
  expect(calls[1]).toEqual([
    PLAYED.default,
    { v: 1, operation: 'diff', planId: PLAN, environments: ['env-010', 'env-011'] },
  ]);
  expect(await world.planOf(PLAN)).toMatchObject({
    state: 'ready',
    because: '1 of 12 environments would change',
    environments: 12,
    changed: 1,
    digest: expect.stringMatching(/^hmac-sha256:/),
    finishedAt: NOW.toISOString(),
  });
  const result = await resultOf(world);
  expect(result?.digest).toBe((await world.planOf(PLAN))?.digest);
  expect(result?.groups.map(({ state, environments }) => [state, environments.length])).toEqual([
    ['unchanged', 11],
    ['changes', 1],
  ]);
});

test('each environment is asked of its own deployer; one whose deployer is gone is told of, and costs the others nothing', async () => {
  const environments = [
    anEnvironment({ name: 'a' }),
    anEnvironment({ name: 'b', deployer: 'private' }),
    anEnvironment({ name: 'c', deployer: 'removed' }),
  ];
  const called: string[] = [];
  const world = await worldOf({ onCall: (name) => void called.push(name) }, environments);
  await ask(world);
  await world.work();
  expect(called.filter((name) => name !== 'plan-rollout').toSorted()).toEqual([PLAYED.default, PLAYED.private]);
  const result = await resultOf(world);
  expect(result?.environments.map(({ state }) => state)).toEqual(['unchanged', 'unchanged', 'errored']);
  expect(result?.environments[2]?.because).toBe(
    "deployer removed is not one of this installation: name another in the environment's entry",
  );
  expect((await world.planOf(PLAN))?.state).toBe('ready');
});

test('a call that breaks off costs its own batch its answer: those environments are errored, with the name of the error', async () => {
  let calls = 0;
  const world = await worldOf({
    onCall: (name, payload) => {
      if (name === 'plan-rollout' || !JSON.stringify(payload).includes('env-003')) return;
      calls += 1;
      throw Object.assign(new Error('hunter2'), { name: 'OutOfMemory' });
    },
  });
  await ask(world);
  await world.work();
  // It is tried again, for it changes nothing.
  expect(calls).toBe(3);
  const result = await resultOf(world);
  expect(result?.environments.filter(({ state }) => state === 'errored')).toHaveLength(10);
  expect(result?.environments[3]?.because).toBe(
    'the deployer broke off (OutOfMemory) when it was asked what would change: its log says why',
  );
  expect(await world.planOf(PLAN)).toMatchObject({
    state: 'ready',
    because: '0 of 12 environments would change, 10 not worked out',
  });
  expect(JSON.stringify([result, await world.planOf(PLAN), world.executions])).not.toContain('hunter2');
});

test('a plan that nobody could look into is errored, not ready: no rollout can be held to it', async () => {
  const world = await worldOf({
    deployer: () => {
      throw new Error('no');
    },
  });
  await ask(world);
  await world.work();
  const item = await world.planOf(PLAN);
  expect(item).toMatchObject({ state: 'errored', because: '0 of 12 environments would change, 12 not worked out' });
  expect(item?.digest).toBeUndefined();
});

test('what cannot be planned is refused with its code, and no deployer is asked', async () => {
  const called: string[] = [];
  const world = await worldOf({
    resolve: async () => ({ found: false, code: 'chart-not-found', because: 'no version 1.4.2' }),
    onCall: (name) => void called.push(name),
  });
  await ask(world);
  await world.work();
  expect(called).toEqual(['plan-rollout']);
  expect(await world.planOf(PLAN)).toMatchObject({
    state: 'refused',
    code: 'chart-not-found',
    because: 'no version 1.4.2',
  });
});

test('an execution that is stopped leaves an errored plan, by the rule on ended executions', async () => {
  const world = await worldOf({
    onCall: (name) => {
      if (name !== 'plan-rollout') world.runner.stop(world.executions[0] as never);
    },
  });
  await ask(world);
  await world.work();
  await world.time.run(world.time.sleep(1).over);
  expect(await world.planOf(PLAN)).toMatchObject({
    state: 'errored',
    because: 'somebody stopped its execution: plan again',
  });
});

test('the state never holds more than names: 500 environments with the longest of names fit many times over', async () => {
  const environments = Array.from({ length: 500 }, (_, i) =>
    anEnvironment({ name: `an-environment-of-the-longest-names-${String(i).padStart(4, '0')}` }),
  );
  const world = await worldOf({}, environments);
  await ask(world, { stages: [aStage({ maxParallel: 40 })] });
  await world.work();
  expect(await world.planOf(PLAN)).toMatchObject({ state: 'ready', environments: 500, changed: 0 });
  const inputs = world.executions.flatMap((execution) => execution.inputs);
  expect(Math.max(...inputs.map((payload) => JSON.stringify(payload).length))).toBeLessThan(60_000);
});

const input = { v: 1, planId: PLAN, package: 'webui' };

test('when freezing or putting together breaks off for good, the plan is told so', async () => {
  const frozen = { outcome: 'frozen', batches: [], maxParallel: 1, because: 'none' };
  const finished = { outcome: 'finished', because: 'x' };
  const first = await play('plan', { PlanRollout: [...Array(5).fill(throws('TypeError')), finished] }, { input });
  expect(first.calls.at(-1)?.payload).toEqual({
    ...input,
    finish: true,
    errored: { error: 'TypeError', cause: 'planning broke off' },
  });
  const last = await play(
    'plan',
    { PlanRollout: [frozen, ...Array(5).fill(throws('TypeError')), finished] },
    { input },
  );
  expect(last.calls.at(-1)?.payload).toMatchObject({
    finish: true,
    errored: { cause: 'putting it together broke off' },
  });
  expect([first.ended.status, last.ended.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
});

test('it ends by itself: the machine has a time limit of its own', () => {
  expect(load('plan').TimeoutSeconds).toBe(1800);
});

const AGAIN = '01JD0Z5Q6X3N8V7T2K4M9R1P0B';

test('inputs that are in quarantine somewhere are blocked there, and a held package is named', async () => {
  const world = await worldOf({ deployer: scaled }, [anEnvironment({ name: 'a' }), anEnvironment({ name: 'b' })]);
  await ask(world);
  await world.work();
  const file = await world.plans.get(planKey(PLAN, 'plans'));
  const frozen = PlanFile.parse(JSON.parse(new TextDecoder().decode(file)));
  const inputsDigest = frozen.deployments[0]?.inputs.digest ?? '';
  const quarantine = aQuarantine({ environment: 'a', inputsDigest });
  const hold = aHold({ environment: 'b' });
  await world.table.transact([
    { do: 'put', key: keys.quarantine('a', 'webui', inputsDigest), item: quarantine, expect: 'absent' },
    { do: 'put', key: keys.hold('b', 'webui'), item: hold, expect: 'absent' },
  ]);
  await ask(world, { id: AGAIN });
  await world.work();
  expect(await world.planOf(AGAIN)).toMatchObject({ because: '1 of 2 environments would change, 1 blocked' });
  const result = await world.plans.get(planResultKey(AGAIN));
  const { problems } = PlanResult.parse(JSON.parse(new TextDecoder().decode(result)));
  expect(problems.map(({ code, blocks, environments }) => [code, blocks, environments])).toEqual([
    ['quarantined', true, ['a']],
    ['held', false, ['b']],
  ]);
});
