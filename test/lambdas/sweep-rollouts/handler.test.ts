import { expect, test } from 'vitest';
import { rruleCalendar } from '../../../adapters/calendar/rrule-calendar.ts';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import type { Life } from '../../../domain/ports.ts';
import { create, type Table } from '../../../domain/table.ts';
import { sweepRollouts } from '../../../lambdas/sweep-rollouts/handler.ts';
import { aDeployment, aRollout, aWait, later, NOW, OTHER_ROLLOUT, ROLLOUT, someEvents } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

async function sweeper(...rollouts: readonly RolloutItem[]) {
  const table = memoryTable();
  for (const rollout of rollouts) {
    const { id: rolloutId, run } = rollout;
    const at = NOW.toISOString();
    await table.transact([
      create(keys.rollout(rolloutId), rollout),
      create(keys.events(rolloutId), someEvents()),
      create(keys.run(rolloutId, run), {
        type: 'run',
        v: 1,
        rolloutId,
        package: 'webui',
        run,
        at,
        because: 'accepted',
      }),
    ]);
  }
  let now = NOW;
  const woken: string[] = [];
  let life: Life = 'running';
  const sweep = sweepRollouts({
    table,
    calendar: rruleCalendar(),
    executions: { ofRun: async () => life, ofTry: async () => life },
    machines: {
      wake: async (token) => {
        woken.push(token);
        return 'woken';
      },
    },
    log: keptLog(),
    now: () => now,
    patience: { tries: 3, pause: async () => undefined },
  });
  const at = async (minutes: number) => {
    now = later(minutes);
    return (await sweep()).started;
  };
  const sweptAt = (minutes: number) => {
    now = later(minutes);
    return sweep();
  };
  const dies = () => {
    life = 'over';
  };
  return { table, at, sweptAt, dies, woken };
}

const accepted = (id: string) => aRollout({ id, state: 'accepted', plan: undefined });

test('what stayed accepted for a minute gets its next run, and its history says why', async () => {
  const { table, at } = await sweeper(accepted(ROLLOUT));
  expect(await at(1)).toBe(1);
  expect(await table.get(keys.rollout(ROLLOUT))).toMatchObject({ run: 2, state: 'accepted' });
  expect(await table.get(keys.run(ROLLOUT, 2))).toMatchObject({ run: 2, at: later(1).toISOString() });
  const [told] = await table.query(ranges.events(ROLLOUT));
  expect(told).toMatchObject({ kind: 'run-started', text: 'run 1 did not get going within 1 minute' });
});

test('the next run gets twice the time, counted from when it was asked for', async () => {
  const { at } = await sweeper(accepted(ROLLOUT));
  expect([await at(1), await at(2), await at(2.9), await at(3), await at(6.9), await at(7)]).toEqual([
    1, 0, 0, 1, 0, 1,
  ]);
});

test('what is under way is left alone', async () => {
  const { at } = await sweeper(aRollout({ id: ROLLOUT, state: 'running' }), accepted(OTHER_ROLLOUT));
  expect([await at(29), await at(29)]).toEqual([1, 0]);
});

test('what waits is left alone until long after the end of its wait', async () => {
  const { table, at } = await sweeper(aRollout({ id: ROLLOUT, state: 'waiting' }));
  await table.transact([create(keys.wait(ROLLOUT), aWait({ until: later(600).toISOString() }))]);
  expect([await at(600), await at(629), await at(630), await at(631)]).toEqual([0, 0, 1, 0]);
});

test('a run that died unnoticed is succeeded by the next, and its history says why', async () => {
  const { table, at } = await sweeper(aRollout({ id: ROLLOUT, state: 'running' }));
  expect([await at(30), await at(31), await at(60)]).toEqual([1, 0, 1]);
  const [told] = await table.query(ranges.events(ROLLOUT));
  expect(told).toMatchObject({ kind: 'run-started', text: `run 1 has been silent since ${NOW.toISOString()}` });
});

test('every page of the open rollouts is swept', async () => {
  const ids = Array.from({ length: 230 }, (_, i) => `01JD0Z5Q6X3N8V7T2K4M9R${String(i).padStart(4, '0')}`);
  const { at } = await sweeper(...ids.map(accepted));
  expect(await at(1)).toBe(230);
});

test('one that cannot be looked at keeps nobody else from being swept, and is told', async () => {
  const { table, at } = await sweeper(accepted(ROLLOUT), accepted(OTHER_ROLLOUT));
  // Older than both, and without a history: nothing can be decided of it.
  const broken = '01JC0000000000000000000000';
  await table.transact([create(keys.rollout(broken), accepted(broken))]);
  await expect(at(1)).rejects.toThrow(`1 rollout could not be swept: ${broken}; the log says why`);
  for (const id of [ROLLOUT, OTHER_ROLLOUT]) expect(await table.get(keys.run(id, 2))).toBeDefined();
});

test('a run whose execution is over is succeeded two minutes after its last sign', async () => {
  const { table, at, dies } = await sweeper(aRollout({ id: ROLLOUT, state: 'running' }));
  dies();
  expect([await at(1.9), await at(2), await at(3)]).toEqual([0, 1, 0]);
  const [told] = await table.query(ranges.events(ROLLOUT));
  expect(told).toMatchObject({ text: 'the execution of run 1 is over, and the rollout is not' });
});

const underWay = (given: Partial<DeploymentItem> = {}) =>
  aDeployment({
    state: 'observing',
    attempt: 1,
    begun: 1,
    startedAt: NOW.toISOString(),
    deadline: later(55).toISOString(),
    ...given,
  });
const stateOf = async (table: Table) => (await table.get(keys.deployment(ROLLOUT, 'dev')))?.state;

test('a deployment whose execution is over is given up, and the rollout that waits for it is told', async () => {
  const { table, sweptAt, dies } = await sweeper(aRollout({ id: ROLLOUT, state: 'running' }));
  await table.transact([create(keys.deployment(ROLLOUT, 'dev'), underWay())]);
  expect((await sweptAt(30)).ended).toBe(0);
  dies();
  expect((await sweptAt(31)).ended).toBe(1);
  expect(await table.get(keys.deployment(ROLLOUT, 'dev'))).toMatchObject({
    state: 'errored',
    outcome: { code: 'lost', because: 'its execution is over and has recorded no end' },
  });
});

test('what was under way when its rollout ended is looked after until it is over, and not longer', async () => {
  const over = { state: 'errored' as const, finishedAt: NOW.toISOString(), unsettled: true as const };
  const { table, sweptAt } = await sweeper(aRollout({ id: ROLLOUT, ...over }));
  await table.transact([create(keys.deployment(ROLLOUT, 'dev'), underWay())]);
  expect([(await sweptAt(55)).ended, await stateOf(table)]).toEqual([0, 'observing']);
  expect([(await sweptAt(56)).ended, await stateOf(table)]).toEqual([1, 'errored']);
  await sweptAt(57);
  expect(await table.get(keys.rollout(ROLLOUT))).not.toHaveProperty('unsettled');
  expect((await table.openRollouts({ limit: 5 })).items).toEqual([]);
});

test('a wait whose end nobody told is woken within five minutes, and its history says so', async () => {
  const waiting = aRollout({
    id: ROLLOUT,
    state: 'waiting',
    abort: { by: 'ann', reason: 'enough', at: NOW.toISOString() },
  });
  const { table, sweptAt, woken } = await sweeper(waiting);
  await table.transact([create(keys.wait(ROLLOUT), aWait({ on: 'gate', until: later(600).toISOString() }))]);
  for (const minute of [0, 1, 2, 3, 4]) await sweptAt(minute);
  expect(woken).toEqual(['token']);
  const [told] = await table.query(ranges.events(ROLLOUT));
  expect(told).toMatchObject({
    kind: 'swept',
    text: 'nobody had told it that its wait on gate is over: aborted by ann: enough',
  });
});

test('a wait that is not over is left alone', async () => {
  const { table, sweptAt, woken } = await sweeper(aRollout({ id: ROLLOUT, state: 'waiting' }));
  await table.transact([
    create(keys.deployment(ROLLOUT, 'dev'), underWay()),
    create(keys.wait(ROLLOUT), aWait({ on: 'lease', until: later(60).toISOString() })),
  ]);
  for (const minute of [0, 1, 2, 3, 4]) await sweptAt(minute);
  expect(woken).toEqual([]);
});
