import { expect, test } from 'vitest';
import type { RunItem } from '../../../domain/items/rollout.ts';
import { startRollout } from '../../../lambdas/start-rollout/handler.ts';
import { aPlan, aRollout, NOW, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';
import { aMessage, aRecord } from '../../support/stream-records.ts';

const run = (rolloutId: string, run: number): RunItem => ({
  ...{ type: 'run', v: 1, rev: 1, package: 'webui', at: NOW.toISOString(), because: 'accepted' },
  rolloutId,
  run,
});

/** Starts are refused for `broken`; a run that was started is started no more. */
function reader(broken?: string) {
  const [started, queued] = [[] as string[], [] as unknown[]];
  const start = async (id: string, name: string) => {
    if (id === broken) throw new Error('throttled');
    if (started.includes(name)) return 'already';
    started.push(name);
    return 'started';
  };
  const handler = startRollout({
    log: keptLog(),
    retry: { put: async (record) => void queued.push(record) },
    machines: {
      startRollout: (id, n) => start(id, `${id}-${n}`),
      startPlan: (id, pkg) => start(id, `plan ${id}-${pkg}`),
    },
  });
  return { started, queued, handler };
}

test('every new run is started, and one that comes twice is started once', async () => {
  const { started, queued, handler } = reader();
  const Records = [
    aRecord('INSERT', run(ROLLOUT, 1)),
    aRecord('INSERT', run(ROLLOUT, 1)),
    aRecord('INSERT', run(OTHER_ROLLOUT, 2)),
  ];
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect([started, queued]).toEqual([[`${ROLLOUT}-1`, `${OTHER_ROLLOUT}-2`], []]);
});

test('every new plan is started, too, as an execution of its own kind; one that changes is not', async () => {
  const { started, queued, handler } = reader();
  const plan = aPlan();
  const records = [aRecord('INSERT', plan), aRecord('INSERT', plan), aRecord('INSERT', run(ROLLOUT, 1))];
  expect(await handler({ Records: records })).toEqual({ batchItemFailures: [] });
  expect([started, queued]).toEqual([[`plan ${plan.id}-webui`, `${ROLLOUT}-1`], []]);
});

test('a start that fails waits in the retry queue, and does not keep its siblings', async () => {
  const { started, queued, handler } = reader(ROLLOUT);
  const bad = aRecord('INSERT', run(ROLLOUT, 1), '1');
  expect(await handler({ Records: [bad, aRecord('INSERT', run(OTHER_ROLLOUT, 1), '2')] })).toEqual({
    batchItemFailures: [],
  });
  expect([started, queued]).toEqual([[`${OTHER_ROLLOUT}-1`], [bad]]);
});

test('from the retry queue it is started like any other; what fails there again is the queue’s to count', async () => {
  const record = aRecord('INSERT', run(ROLLOUT, 1));
  const well = reader();
  expect(await well.handler({ Records: [aMessage(record)] })).toEqual({ batchItemFailures: [] });
  expect(well.started).toEqual([`${ROLLOUT}-1`]);
  const ill = reader(ROLLOUT);
  expect(await ill.handler({ Records: [aMessage(record)] })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm-1' }],
  });
  expect(ill.queued).toEqual([]);
});

test('a record of something else starts nothing, and is kept for people to look at', async () => {
  const { started, queued, handler } = reader();
  const strange = aRecord('INSERT', aRollout());
  expect(await handler({ Records: [strange] })).toEqual({ batchItemFailures: [] });
  expect([started, queued]).toEqual([[], [strange]]);
});
