import { guardChannel } from './guard-channel.ts';
import type { ChildEnd } from './guard-messages.ts';

/** A long-running program of the local stack. */
export interface ChildOptions {
  /** What people call it, for messages: `kube-apiserver of dev`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** File that gets stdout and stderr, appended; its folder is made. */
  readonly log: string;
}

/** A running child. */
export interface Child {
  readonly pid: number;
  /** Settles when the child has ended, for whatever reason; never rejects. */
  readonly exited: Promise<ChildEnd>;
  /**
   * Ends the child and everything in its process group, and returns when it is gone. Harmless when it already is.
   * @param graceMs time between SIGTERM and SIGKILL, 5 seconds unless told.
   */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a program that ends with this process, however this process ends (SIGKILL included): see `guard.ts`.
 * @throws when the program cannot be started, naming it.
 */
export async function startChild({ name, command, args, env, cwd, log }: ChildOptions): Promise<Child> {
  const exit = Promise.withResolvers<ChildEnd>();
  const started = Promise.withResolvers<number>();
  const id = guardChannel.start({ command, args: [...args], env: { ...env }, cwd, log }, (report) => {
    if (report.report === 'started') started.resolve(report.pid);
    else if (report.report === 'exited') exit.resolve(report.end);
    else started.reject(new Error(`${name} did not start (${command}): ${report.because}`));
  });
  const pid = await started.promise;
  return {
    pid,
    exited: exit.promise,
    async stop(graceMs = 5_000) {
      guardChannel.stop(id, graceMs);
      await exit.promise;
    },
  };
}
