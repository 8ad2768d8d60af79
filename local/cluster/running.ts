import type { Child } from '../process/start-child.ts';

/** Nothing of a local cluster outlives it, so nothing needs time to be saved. Milliseconds. */
const GRACE_MS = 500;
/** For each part that is ended before the programs. Milliseconds. */
const END_TIMEOUT_MS = 3_000;

/** What runs of one cluster so far, and how all of it is ended. */
export class Running {
  /** Settles, with the program's name, when one of the programs ended without being asked to. */
  readonly broken: Promise<string>;
  private readonly report: (name: string) => void;
  private readonly children = new Map<string, Child>();
  private readonly ends: (() => Promise<void>)[] = [];
  private stopping: Promise<void> | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.broken = promise;
    this.report = resolve;
  }

  /** Waits for a program's start and takes it over. Rejects as the start does. */
  async start(name: string, starting: Promise<Child>): Promise<void> {
    const child = await starting;
    this.children.set(name, child);
    void child.exited.then(() => {
      if (this.stopping === undefined) this.report(name);
    });
  }

  /** What is to be done before the programs are ended; the last one first. */
  onStop(end: () => Promise<void>): void {
    this.ends.push(end);
  }

  pids(): Record<string, number> {
    return Object.fromEntries([...this.children].map(([name, { pid }]) => [name, pid]));
  }

  /** Ends everything; a second call waits for the first. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.ends.reverse()) {
      // One that fails or hangs must not keep the programs running.
      await within(END_TIMEOUT_MS, end()).catch((error: unknown) => failures.push(error));
    }
    await Promise.all([...this.children.values()].map((child) => child.stop(GRACE_MS)));
    if (failures.length > 0)
      throw new AggregateError(failures, 'the programs of the cluster are stopped, but not all went as it should');
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`a part of the cluster did not stop in ${ms} ms`)), ms);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
