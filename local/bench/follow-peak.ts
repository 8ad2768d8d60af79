/** The memory that one short-lived program needs at most. */
import { spawn } from 'node:child_process';
import { processes } from './memory.ts';

const EVERY_MS = 100;

export interface Watched {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs it to its end and answers the most that was seen of it and what it started, in MiB. @throws when it fails. */
export async function followPeak({ command, args, env }: Watched): Promise<number> {
  const child = spawn(command, [...args], { env, stdio: 'ignore', timeout: 120_000 });
  const ended = Promise.withResolvers<void>();
  child.once('error', ended.reject);
  child.once('exit', (code, signal) => {
    if (code === 0) ended.resolve();
    else ended.reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`));
  });
  let most = 0;
  const timer = setInterval(() => {
    void processes().then((all) => {
      const family = all.filter(({ pid, parent }) => pid === child.pid || parent === child.pid);
      const kib = family.reduce((sum, process) => sum + process.kib, 0);
      most = Math.max(most, kib / 1024);
    }, ended.reject);
  }, EVERY_MS);
  await ended.promise.finally(() => clearInterval(timer));
  return most;
}
