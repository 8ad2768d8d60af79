import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { progressOn } from '../../local/progress.ts';
import { keepStack } from '../../local/stack/keep-stack.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one stack of all end-to-end tests: `inject('stack')`. It has no packages and no environments. */
    stack: RunningStack;
  }
}

/** Machines' Wait states and pauses between retries last a fiftieth: nobody listens to a cluster for five minutes here. Deadlines and leases keep real time. */
const MACHINE_TIME = '0.02';
const root = join(import.meta.dirname, '../..');

/** Starts one stack, in a folder of its own beside whatever a developer has running, before the first end-to-end test, and stops it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-e2e-'));
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const options = {
    folder,
    root,
    env,
    cache: cacheFolder(process.env),
    config: join(root, 'examples/fairlead.yaml'),
    functionsEnv: { SFN_WAIT_SCALE: MACHINE_TIME },
  };
  const kept = await keepStack(options, progressOn(process.stderr));
  if (!kept.kept) throw new Error(kept.because);
  project.provide('stack', kept.stack);
  return async () => {
    await kept.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
