/**
 * A batch of changes, one by one: what fails goes to the retry queue by itself, so that no record holds up those
 * behind it in the stream; what fails again there is told to the queue, which keeps count.
 */
import type { Log, RetryQueue } from './ports.ts';

export interface Delivery {
  /** What the batch's answer calls it: a sequence number of the stream, or an id of the queue. */
  readonly id: string;
  readonly from: 'stream' | 'queue';
  readonly record: unknown;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html, and the same for queues. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface EachDeps {
  /** Handles one record; throws when it cannot. */
  handle(record: unknown): Promise<void>;
  readonly retry: RetryQueue;
  readonly log: Log;
}

/**
 * Handles every delivery in order. The answer names those that must come again: from the queue each that failed; from
 * the stream only where even the retry queue did not take it, and then everything behind it comes again too.
 */
export async function handleEach(deliveries: readonly Delivery[], deps: EachDeps): Promise<BatchAnswer> {
  const failed: { itemIdentifier: string }[] = [];
  for (const { id, from, record } of deliveries) {
    if (await handled(record, deps)) continue;
    if (from === 'stream' && (await kept(record, deps))) continue;
    failed.push({ itemIdentifier: id });
    if (from === 'stream') break;
  }
  return { batchItemFailures: failed };
}

async function handled(record: unknown, { handle, log }: EachDeps): Promise<boolean> {
  try {
    await handle(record);
    return true;
  } catch (error) {
    log.error('a record could not be handled', { because: wordsOf(error) });
    return false;
  }
}

async function kept(record: unknown, { retry, log }: EachDeps): Promise<boolean> {
  try {
    await retry.put(record);
    return true;
  } catch (error) {
    log.error('the retry queue did not take a record', { because: wordsOf(error) });
    return false;
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
