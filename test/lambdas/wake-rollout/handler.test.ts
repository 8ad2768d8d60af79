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

const FIRST = '01JD0Z5Q6X3N8V7T2K4M9R1B0A';
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
    aWait({ rolloutId: ROLLOUT, token: 'queued', on: 'queue', behind: FIRST }),
    aWait({ rolloutId: OTHER_ROLLOUT, token: 'soaks', on: 'soak' }),
  ];
  const gone = open(FIRST, 5);

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

describe('in a long queue', () => {
  const place = (i: number) => `01JD0Z5Q6X3N8V7T2K4M9R1${String(i).padStart(3, '0')}`;
  const many = Array.from({ length: 50 }, (_, i) => i + 1);
  const waits = many.map((i) => aWait({ rolloutId: place(i), token: `t-${i}`, on: 'queue', behind: place(i - 1) }));

  test('only who waits for the very place that was given up is woken', async () => {
    const { woken, handler } = await reader({ waits, places: many.map((i) => open(place(i), i)) });
    await handler(aRecord('REMOVE', open(place(30), 30)));
    expect(woken).toEqual(['t-31']);
  });
});

describe('a place that was planned', () => {
  const planned = (place: OpenItem) => {
    const { environments: _, ...before } = place;
    const record = aRecord('MODIFY', place);
    return { ...record, dynamodb: { ...record.dynamodb, OldImage: aRecord('REMOVE', before).dynamodb.OldImage } };
  };
  const newer = { ...open(OTHER_ROLLOUT, 9), environments: ['dev', 'eu'] };
  const older = { ...open(ROLLOUT, 7), environments: ['dev', 'us'] };

  test.each([
    ['where it may be left to the newer one', { supersedable: ['dev'] }, {}, 'queue', ['token']],
    ['at its gate, too', { supersedable: ['dev'] }, {}, 'gate', ['token']],
    ['and for a freeze, too', { supersedable: ['dev'] }, {}, 'freeze', ['token']],
    ['but not in its soak, which is not cut short', { supersedable: ['dev'] }, {}, 'soak', []],
    ['but not where every version has its turn', {}, {}, 'queue', []],
    ['but not where the newer one does not go', { supersedable: ['us'] }, {}, 'queue', []],
    ['in any mode when the newer one is a rollback', {}, { rollback: true as const }, 'queue', ['token']],
  ] as const)('wakes an older one that waits, %s', async (_, ofOlder, ofNewer, on, expected) => {
    const places = [
      { ...older, ...ofOlder },
      { ...newer, ...ofNewer },
    ];
    const { woken, handler } = await reader({ waits: [aWait({ on, behind: undefined })], places });
    await handler(planned({ ...newer, ...ofNewer }));
    expect(woken).toEqual(expected);
  });

  test('and changed later wakes no older one again', async () => {
    const places = [{ ...older, supersedable: ['dev'] }, newer];
    const { woken, handler } = await reader({ waits: [aWait({ on: 'queue', behind: undefined })], places });
    await handler(aRecord('MODIFY', newer));
    expect(woken).toEqual([]);
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
