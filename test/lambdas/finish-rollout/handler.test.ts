/** The end of a rollout, when something else happens at that very moment. */
import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { nameTarget } from '../../../adapters/name-target.ts';
import { tell } from '../../../domain/deployment/tell.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { abortRollout } from '../../../domain/rollout/abort-rollout.ts';
import { create, type Table, type Write } from '../../../domain/table.ts';
import { finish } from '../../../lambdas/finish-rollout/handler.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aDeployment, aRollout, NOW, ROLLOUT, someEvents } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const done = aDeployment({
  state: 'succeeded',
  begun: 1,
  finishedAt: NOW.toISOString(),
  outcome: { code: 'ready', because: 'ready' },
});

/** A rollout whose only deployment has succeeded; `meanwhile` comes before the first write of whoever finishes it. */
async function finishing(meanwhile: (table: Table, rollout: RolloutItem) => Promise<readonly Write[]>) {
  const table = memoryTable();
  const rollout = aRollout();
  await table.transact([
    create(keys.rollout(ROLLOUT), rollout),
    create(keys.events(ROLLOUT), someEvents({ last: 0 })),
    create(keys.deployment(ROLLOUT, 'dev'), done),
  ]);
  let first = true;
  const raced: Table = {
    ...table,
    async transact(writes) {
      const comes = first ? await meanwhile(table, rollout) : [];
      first = false;
      if (comes.length > 0) await table.transact(comes);
      return table.transact(writes);
    },
  };
  const patience = { tries: 3, pause: async () => undefined };
  const deps = { table: raced, nameTarget, patience, now: () => NOW, calendar: CALENDAR, log: keptLog() };
  const answer = await finish(deps)({ v: 1, rolloutId: ROLLOUT, run: 1 });
  return { table, answer, rollout: await table.get(keys.rollout(ROLLOUT)) };
}

const abort = (rollout: RolloutItem, last: number) => {
  const asked = { by: 'operator/ann', reason: 'wrong version' };
  return abortRollout({ rollout, events: someEvents({ last }) }, asked, NOW);
};

test('an abort that comes while it finishes is kept: the rollout ends aborted', async () => {
  const { answer, rollout } = await finishing(async (_, seen) => {
    const asked = abort(seen, 0);
    return asked.answer === 'asked' ? asked.writes : [];
  });
  expect([answer.outcome, rollout?.state, rollout?.outcome?.code]).toEqual(['finished', 'aborted', 'aborted']);
});

test('an abort that comes after it has finished is told that it is over', async () => {
  const { rollout } = await finishing(async () => []);
  expect(rollout).toMatchObject({ state: 'succeeded' });
  expect(abort(rollout ?? aRollout(), 1)).toMatchObject({ answer: 'already-over' });
});

test('what a deployment told stands in the history before the end does', async () => {
  const news = { at: NOW, kind: 'deployment-finished' as const, text: 'ready', state: 'succeeded' };
  const table = memoryTable();
  await table.transact([
    create(keys.rollout(ROLLOUT), aRollout()),
    create(keys.events(ROLLOUT), someEvents({ last: 0 })),
    create(keys.deployment(ROLLOUT, 'dev'), done),
  ]);
  await table.transact(tell(done, {}, [news]));
  const patience = { tries: 3, pause: async () => undefined };
  await finish({ table, nameTarget, patience, now: () => NOW, calendar: CALENDAR, log: keptLog() })({
    v: 1,
    rolloutId: ROLLOUT,
    run: 1,
  });
  const told = await table.query(ranges.events(ROLLOUT));
  expect(told.map(({ kind }) => kind)).toEqual(['deployment-finished', 'rollout-finished']);
});
