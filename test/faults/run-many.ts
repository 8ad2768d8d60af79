/** Many seeds on a few threads, until all are through or one is broken. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

export interface Many {
  readonly from: number;
  readonly runs: number;
  readonly jobs: number;
  readonly plant?: string | undefined;
  /** Told of each scenario that is through. */
  onResult(result: SeedResult): void;
}

/** The first broken seed, by number of those that ran; nothing when all held. @throws whatever a thread broke with */
export async function runMany({ from, runs, jobs, plant, onResult }: Many): Promise<SeedResult | undefined> {
  let next = from;
  const broken: SeedResult[] = [];
  const work = async (): Promise<void> => {
    const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: { plant } });
    try {
      while (broken.length === 0 && next < from + runs) {
        const seed = next;
        next += 1;
        const result = await asked(worker, { seed, keep: false });
        onResult(result);
        if (result.broken.length > 0) broken.push(result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, runs) }, work));
  return broken.toSorted((a, b) => a.seed - b.seed)[0];
}

/** One seed with its story. */
export async function runOne(seed: number, plant: string | undefined): Promise<SeedResult> {
  const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: { plant } });
  try {
    return await asked(worker, { seed, keep: true });
  } finally {
    await worker.terminate();
  }
}

function asked(worker: Worker, message: { readonly seed: number; readonly keep: boolean }): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    const onMessage = (result: SeedResult) => {
      worker.off('error', onError);
      resolve(result);
    };
    const onError = (error: unknown) => {
      worker.off('message', onMessage);
      reject(new Error(`seed ${message.seed} broke its thread`, { cause: error }));
    };
    worker.once('message', onMessage);
    worker.once('error', onError);
    worker.postMessage(message);
  });
}
