/** The table's stream, its two readers and their retry queues: records come late, twice, in another order, or never. */
import type { Change } from '../../adapters/memory/memory-table.ts';
import type { BatchAnswer } from '../../domain/handle-each.ts';
import type { RetryQueue } from '../../domain/ports.ts';
import { type Reader, readersOf, recordOf } from '../support/rollout-world.ts';
import type { Faults } from './faults.ts';
import type { Invoke } from './platform.ts';
import type { Process } from './process.ts';
import type { Random } from './random.ts';

export interface StreamDeps {
  readonly faults: Faults;
  readonly random: Random;
  sleep(seconds: number): Promise<void>;
  invoke: Invoke;
  /** Told of what no reader could handle. */
  onDead(reader: string, record: unknown): void;
}

export interface Stream {
  /** What a transaction changed. */
  publish(changes: readonly Change[]): void;
  retry(process: Process, reader: string): RetryQueue;
}

/** lib/constructs/stream-reader.ts */
const STREAM_TRIES = 10;
const QUEUE_TRIES = 5;
const BATCH = 10;

export function stream(deps: StreamDeps): Stream {
  const { faults, random, sleep, onDead } = deps;
  const waiting = new Map<Reader, object[]>();
  let sequence = 0;

  /** What failed comes again, alone or with all behind it. */
  const fromStream = async (reader: Reader, records: readonly object[]): Promise<void> => {
    let left = records;
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === STREAM_TRIES) return left.forEach((record) => void onDead(reader, record));
      const answer = await called(deps, reader, { Records: left });
      left = answer === undefined ? left : behind(left, answer);
      if (left.length > 0) await sleep(1 + tries);
    }
  };

  const fromQueue = async (reader: string, record: unknown): Promise<void> => {
    const event = { Records: [{ eventSource: 'aws:sqs', messageId: 'm-1', body: JSON.stringify(record) }] };
    for (let tries = 0; tries < QUEUE_TRIES; tries++) {
      await sleep(tries === 0 ? 1 : 180);
      const answer = await called(deps, reader, event);
      if (answer?.batchItemFailures.length === 0) return;
    }
    onDead(reader, record);
  };

  const arrives = async (reader: Reader, record: object, seconds: number): Promise<void> => {
    await sleep(seconds);
    const batch = waiting.get(reader) ?? [];
    batch.push(record);
    waiting.set(reader, batch);
    if (batch.length > 1) return;
    await sleep(random.between(0.005, 0.1));
    waiting.delete(reader);
    for (let i = 0; i < batch.length; i += BATCH) void fromStream(reader, batch.slice(i, i + BATCH));
  };

  const sendOff = (reader: Reader, change: Change): void => {
    const record = recordOf(change, ++sequence);
    const who = `${reader} (${change.key.type})`;
    if (faults.strikes('record-lost', who)) return;
    const late = faults.strikes('record-late', who) ? random.between(2, 400) : random.between(0.005, 0.1);
    void arrives(reader, record, late);
    if (faults.strikes('record-twice', who)) void arrives(reader, record, random.between(0.01, 60));
  };

  return {
    publish(changes) {
      for (const change of changes) for (const reader of readersOf(change)) sendOff(reader, change);
    },
    retry: (process, reader) => ({
      put: (record) =>
        process.step('puts a record into the retry queue', () => {
          if (faults.strikes('retry-queue-closed', process.name)) throw new Error('the retry queue does not answer');
          void fromQueue(reader, record);
        }),
    }),
  };
}

/** Nothing when the call itself broke: then everything comes again. */
async function called({ invoke }: StreamDeps, reader: string, event: object): Promise<BatchAnswer | undefined> {
  return invoke(reader, '', event).then(
    (answer) => answer as BatchAnswer,
    () => undefined,
  );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html */
function behind(records: readonly object[], { batchItemFailures }: BatchAnswer): readonly object[] {
  const [first] = batchItemFailures;
  if (first === undefined) return [];
  const numberOf = (record: object) => (record as { dynamodb: { SequenceNumber: string } }).dynamodb.SequenceNumber;
  return records.slice(records.findIndex((record) => numberOf(record) === first.itemIdentifier));
}
