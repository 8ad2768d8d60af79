import { lastLines } from './last-lines.ts';
import { type ChildOptions, startChild } from './start-child.ts';

export interface RunOptions extends ChildOptions {
  /** Ended and reported as too slow after this. */
  readonly deadlineMs: number;
}

/**
 * Runs a program that ends by itself. Throws when it ends with anything but 0 or not in time, with the last lines of its log.
 * Like every child of the local stack it ends with this process.
 */
export async function runToEnd(options: RunOptions): Promise<void> {
  const { name, log, deadlineMs } = options;
  const child = await startChild(options);
  let late = false;
  const alarm = setTimeout(() => {
    late = true;
    void child.stop();
  }, deadlineMs);
  const { code, signal } = await child.exited;
  clearTimeout(alarm);
  if (code === 0) return;
  const how = late ? `took longer than ${deadlineMs / 1000} s` : `ended with ${signal ?? code}`;
  const said = await lastLines(log, 15);
  throw new Error([`${name} ${how}; the end of ${log}:`, ...said].join('\n'));
}
