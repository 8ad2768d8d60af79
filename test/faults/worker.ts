/** Runs seeds as it is handed them, with a planted bug when it is told so. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { plantBug } from './plants.ts';

const { plant } = z.object({ plant: z.string().optional() }).parse(workerData);
if (plant !== undefined) plantBug(plant);
const { runSeed } = await import('./run-seed.ts');

parentPort?.on('message', (message: unknown) => {
  const { seed, keep } = z.object({ seed: z.int(), keep: z.boolean() }).parse(message);
  runSeed(seed, keep).then(
    (result) => parentPort?.postMessage(result),
    (error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    },
  );
});
