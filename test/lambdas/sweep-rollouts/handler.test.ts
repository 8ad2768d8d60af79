import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import { sweepRollouts } from '../../../lambdas/sweep-rollouts/handler.ts';
import { aRollout, aWait, later, NOW, OTHER_ROLLOUT, ROLLOUT, someEvents } from '../../support/items.ts';
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
  const sweep = sweepRollouts({
    table,
    log: keptLog(),
    now: () => now,
    patience: { tries: 3, pause: async () => undefined },
  });
  const at = async (minutes: number) => {
    now = later(minutes);
    return (await sweep()).started;
  };
  return { table, at };
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
