import { describe, expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { OpenItem } from '../../../domain/items/queue.ts';
import type { WaitItem } from '../../../domain/items/waiting.ts';
import { keys } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import { wakeRollout } from '../../../lambdas/wake-rollout/handler.ts';
import { aRollout, aWait, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';
import { aMessage, aRecord } from '../../support/stream-records.ts';

const open = (rolloutId: string, sequence: number, pkg = 'webui'): OpenItem => ({
  ...{ type: 'open', v: 1, rev: 1 },
  rolloutId,
  package: pkg,
  sequence,
});

/** A reader over a table with these waits and places. Tokens in `broken` cannot be answered. */
async function reader({ waits = [] as WaitItem[], places = [] as OpenItem[], broken = [] as string[] }) {
  const table = memoryTable();
  const [woken, queued, log] = [[] as string[], [] as unknown[], keptLog()];
  const writes = [
    ...waits.map((wait) => create(keys.wait(wait.rolloutId), wait)),
    ...places.map((place) => create(keys.open(place.package, place.sequence), place)),
  ];
  if (writes.length > 0) await table.transact(writes);
  const handler = wakeRollout({
    table,
    log,
    retry: { put: async (record) => void queued.push(record) },
    machines: {
      async wake(token) {
        if (broken.includes(token)) throw new Error('throttled');
        if (woken.includes(token)) return 'gone';
        woken.push(token);
        return 'woken';
      },
    },
  });
  return { woken, queued, log, handler: (...Records: object[]) => handler({ Records }) };
}

describe('a rollout that changed', () => {
  test.each([
    ['since the wait was stored, wakes it', 5, ['token']],
    ['by the storing of the wait itself, does not', 4, []],
    ['before, and is told late, does not', 3, []],
  ])('%s', async (_, rev, expected) => {
    const { woken, handler } = await reader({ waits: [aWait({ rolloutRev: 4 })] });
    await handler(aRecord('MODIFY', aRollout({ rev })));
    expect(woken).toEqual(expected);
  });

  test('and that waits for nothing wakes nobody', async () => {
    const { woken, queued, handler } = await reader({});
    await handler(aRecord('MODIFY', aRollout({ rev: 5 })));
    expect([woken, queued]).toEqual([[], []]);
  });

  test('twice finds nobody at the second time, which is no trouble', async () => {
    const { woken, queued, handler } = await reader({ waits: [aWait({ rolloutRev: 4 })] });
    const record = aRecord('MODIFY', aRollout({ rev: 5 }));
    expect(await handler(record, record)).toEqual({ batchItemFailures: [] });
    expect([woken, queued]).toEqual([['token'], []]);
  });
});

describe('a place in the queue that was planned or given up', () => {
  const waits = [
    aWait({ rolloutId: ROLLOUT, token: 'queued', on: 'queue' }),
    aWait({ rolloutId: OTHER_ROLLOUT, token: 'soaks', on: 'soak' }),
  ];
  const gone = open('01JD0Z5Q6X3N8V7T2K4M9R1B0A', 5);

  test.each([
    ['behind it in the queue, and waits on that', open(ROLLOUT, 6), ['queued']],
    ['before it', open(ROLLOUT, 4), []],
    ['behind it, but waits on something else', open(OTHER_ROLLOUT, 6), []],
    ["in another package's queue", open(ROLLOUT, 6, 'worker'), []],
  ])('wakes or not who stands %s', async (_, place, expected) => {
    for (const eventName of ['REMOVE', 'MODIFY'] as const) {
      const { woken, handler } = await reader({ waits, places: [place] });
      await handler(aRecord(eventName, gone));
      expect(woken).toEqual(expected);
    }
  });
});

test('what cannot be woken now is tried again from the retry queue; the log has no token', async () => {
  const { queued, log, handler } = await reader({
    waits: [aWait({ rolloutRev: 4, token: 'secret-token' })],
    broken: ['secret-token'],
  });
  const record = aRecord('MODIFY', aRollout({ rev: 5 }));
  expect(await handler(record)).toEqual({ batchItemFailures: [] });
  expect(queued).toEqual([record]);
  expect(await handler(aMessage(record))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(log.lines.join()).not.toContain('secret-token');
});
