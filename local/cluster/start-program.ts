import { lastLines } from '../process/last-lines.ts';
import { type Child, type ChildOptions, startChild } from '../process/start-child.ts';
import { waitUntil } from '../process/wait-until.ts';

export interface ProgramOptions extends ChildOptions {
  /** Whether it does its work yet. A check that throws counts as not yet. */
  readonly ready: () => Promise<boolean>;
  readonly deadlineMs: number;
}

/** Thrown when a program lost the race for its port; the whole start is worth another try. */
export class PortTaken extends Error {
  constructor(name: string) {
    super(`${name} found its port taken`);
    this.name = 'PortTaken';
  }
}

/**
 * Starts a program of the control plane and answers once it is ready. One that ends first, or is not ready in time, is stopped.
 * @throws PortTaken; or an error with the program's last words and the place of its log
 */
export async function startProgram({ ready, deadlineMs, ...options }: ProgramOptions): Promise<Child> {
  const child = await startChild(options);
  let gone = false;
  void child.exited.then(() => {
    gone = true;
  });
  const look = async () => {
    if (gone) return 'gone';
    return (await ready().catch(() => false)) ? 'ready' : undefined;
  };
  try {
    const seen = await waitUntil(look, { what: `${options.name} (log: ${options.log})`, deadlineMs, everyMs: 40 });
    if (seen === 'ready') return child;
  } catch (error: unknown) {
    await child.stop(0);
    throw error;
  }
  const words = (await lastLines(options.log, 8)).join('\n');
  if (words.includes('address already in use')) throw new PortTaken(options.name);
  throw new Error(`${options.name} ended before it was ready; its last words (${options.log}):\n${words}`);
}
