import { expect, test } from 'vitest';
import { type Delivery, handleEach } from '../../domain/handle-each.ts';
import { keptLog } from '../support/kept-log.ts';

/** Handles batches; records in `poisoned` cannot be handled, and the retry queue takes none of `refused`. */
function batch({ poisoned = [] as unknown[], refused = [] as unknown[] } = {}) {
  const [handled, queued, log] = [[] as unknown[], [] as unknown[], keptLog()];
  const deps = {
    log,
    async handle(record: unknown) {
      if (poisoned.includes(record)) throw new Error(`cannot handle ${record}`);
      handled.push(record);
    },
    retry: {
      async put(record: unknown) {
        if (refused.includes(record)) throw new Error('the queue is away');
        queued.push(record);
      },
    },
  };
  return { handled, queued, log, run: (deliveries: readonly Delivery[]) => handleEach(deliveries, deps) };
}

const from = (source: Delivery['from'], ...records: string[]) =>
  records.map((record) => ({ id: `id-${record}`, from: source, record }));

test('every record of a batch is handled, in order', async () => {
  const { handled, run } = batch();
  expect(await run(from('stream', 'a', 'b', 'c'))).toEqual({ batchItemFailures: [] });
  expect(handled).toEqual(['a', 'b', 'c']);
});

test('a poisoned record of the stream goes to the retry queue alone, and holds up none behind it', async () => {
  const { handled, queued, run, log } = batch({ poisoned: ['b'] });
  expect(await run(from('stream', 'a', 'b', 'c'))).toEqual({ batchItemFailures: [] });
  expect([handled, queued]).toEqual([['a', 'c'], ['b']]);
  expect(log.lines.join()).toContain('cannot handle b');
});

test('where even the queue does not take it, it comes again with everything behind it: the stream keeps its order', async () => {
  const { handled, queued, run } = batch({ poisoned: ['b'], refused: ['b'] });
  expect(await run(from('stream', 'a', 'b', 'c'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-b' }] });
  expect([handled, queued]).toEqual([['a'], []]);
});

test('a message that fails is not queued again: the queue keeps count of it, and of it alone', async () => {
  const { handled, queued, run } = batch({ poisoned: ['a', 'c'] });
  const batchItemFailures = [{ itemIdentifier: 'id-a' }, { itemIdentifier: 'id-c' }];
  expect(await run(from('queue', 'a', 'b', 'c'))).toEqual({ batchItemFailures });
  expect([handled, queued]).toEqual([['b'], []]);
});
