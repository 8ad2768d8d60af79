import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../progress.ts';
import { KeeperReport, type KeeperRequest } from './keeper-messages.ts';
import { shownProgress } from './relay-progress.ts';
import { logsOf, type StackOptions } from './stack-options.ts';

type Answer = Exclude<KeeperReport, { report: 'step' | 'detached' | 'broken' }>;

/** Our end of a keeper that was just started. */
export interface Keeper {
  /** What became of the start. */
  readonly answer: Promise<Answer>;
  /** Settles when the keeper's process is gone; rejects, in plain words, when that is because a program of the stack died. */
  readonly ended: Promise<void>;
  /** Asks it to stop everything; `ended` tells when it has. */
  stop(): void;
  /** Leaves it running; nothing of this process holds on to it afterwards. */
  detach(): Promise<void>;
}

/** Starts a keeper process and asks it for a stack. What it says apart from its progress goes to `keeper.log`. */
export function spawnKeeper(options: StackOptions, progress: Progress): Keeper {
  const logs = logsOf(options.folder);
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const log = openSync(join(logs, 'keeper.log'), 'a');
  const child = fork(join(import.meta.dirname, 'keeper.ts'), [], {
    detached: true,
    cwd: options.folder,
    execArgv: [],
    env: options.env,
    stdio: ['ignore', log, log, 'ipc'],
  });
  const answer = Promise.withResolvers<Answer>();
  const detached = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let broken: string | undefined;
  // Nobody may be waiting for the end while the stack still starts.
  ended.promise.catch(() => undefined);
  const show = shownProgress(progress);
  child.on('message', (message: unknown) => {
    const report = KeeperReport.parse(message);
    if (report.report === 'step') show(report);
    else if (report.report === 'detached') detached.resolve();
    else if (report.report === 'broken') broken = report.because;
    else answer.resolve(report);
  });
  child.once('error', (error) =>
    answer.resolve({ report: 'failed', because: `no keeper could be started: ${error.message}` }),
  );
  child.once('exit', (code, signal) => {
    answer.resolve({
      report: 'failed',
      because: `the keeper ended with ${signal ?? code}; see ${join(logs, 'keeper.log')}`,
    });
    detached.resolve();
    if (broken === undefined) ended.resolve();
    else ended.reject(new Error(`${broken}; see ${logs}`));
  });
  ask(child, { ask: 'start', options });
  return {
    answer: answer.promise,
    ended: ended.promise,
    stop: () => ask(child, { ask: 'stop' }),
    async detach() {
      ask(child, { ask: 'detach' });
      await detached.promise;
      if (child.connected) child.disconnect();
      child.unref();
    },
  };
}

function ask(child: ChildProcess, request: KeeperRequest): void {
  // A keeper that is gone has stopped already; its exit is heard elsewhere.
  if (child.connected) child.send(request, () => undefined);
}
