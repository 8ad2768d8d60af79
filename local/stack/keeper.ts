/**
 * The keeper: the process that owns a stack. `up` starts it, hears its progress over a channel, and either stays (the stack ends with it) or detaches.
 * It runs in a session of its own, so Ctrl-C on the terminal reaches `up`, which asks; it ends when asked over the channel, by SIGTERM (`down`), or when the
 * channel is lost before it was detached.
 */

import { guardChannel } from '../process/guard-channel.ts';
import { keepStack } from './keep-stack.ts';
import { type KeeperReport, KeeperRequest } from './keeper-messages.ts';
import { sentProgress } from './relay-progress.ts';
import type { StackOptions } from './stack-options.ts';

/** Nothing of a stack that did not come up is worth saving. */
const GRACE_MS = 500;

const stopping = new AbortController();
let detached = false;
/** Ends what was started; set when the stack is up. */
let stop: (() => Promise<void>) | undefined;

/** Resolves when the channel has it, so that a process may end right after its last word. */
function tell(report: KeeperReport): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // `up` may be gone; the disconnect says so.
  if (process.connected && process.send !== undefined) process.send(report, () => resolve());
  else resolve();
  return promise;
}

async function start(options: StackOptions): Promise<void> {
  const kept = await keepStack(
    options,
    sentProgress((step) => void tell(step)),
    stopping.signal,
  );
  if (!kept.kept) {
    await tell({ report: 'taken', found: kept.found, because: kept.because });
    process.exit(0);
  }
  stop = kept.stop;
  kept.broken.then(stopBroken).catch(failed);
  if (stopping.signal.aborted) await stopAll();
  else await tell({ report: 'ready', stack: kept.stack });
}

/** Half a stack only misleads: a rollout on it would hang or fail for no reason of its own. */
async function stopBroken(program: string): Promise<void> {
  const because = `${program} ended by itself, so the whole stack was stopped`;
  process.stderr.write(`${new Date().toISOString()} ${because}\n`);
  await tell({ report: 'broken', because });
  await stopAll();
}

/** While the stack starts, `keepStack` hears the abort, stops what is up and throws, which ends us in `failed`. */
async function stopAll(): Promise<void> {
  stopping.abort(new Error('the stack was stopped while it started'));
  const stopNow = stop;
  stop = undefined;
  if (stopNow === undefined) return;
  await stopNow();
  process.exit(0);
}

async function failed(error: unknown): Promise<void> {
  // What was on its way up when the start was given up is ended here, so that nothing of us is left when `up` hears of it.
  await guardChannel.stopAll(GRACE_MS).catch((left: unknown) => process.stderr.write(`${left}\n`));
  await tell({ report: 'failed', because: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

process.on('message', (message: unknown) => {
  const request = KeeperRequest.parse(message);
  if (request.ask === 'start') start(request.options).catch(failed);
  else if (request.ask === 'stop') stopAll().catch(failed);
  else {
    detached = true;
    void tell({ report: 'detached' });
  }
});
process.on('disconnect', () => {
  if (!detached) stopAll().catch(failed);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stopAll().catch(failed));
