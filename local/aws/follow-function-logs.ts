import { appendFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CloudwatchLogs, cloudwatchLogs } from './cloudwatch-logs.ts';

export interface FollowOptions {
  /** MiniStack's. */
  readonly endpoint: string;
  /** Gets one file a function, named after its log group: `DeploymentsDeployerDeployReleaseLogs….log`. Made when absent. */
  readonly folder: string;
  /** @default 5000 */
  readonly everyMs?: number;
  /** For tests. @default MiniStack's */
  readonly logs?: CloudwatchLogs;
  /** Milliseconds since 1970. @default the system clock */
  readonly now?: () => number;
}

/** Where functions' lines go: to the group that CloudFormation made for the function, and named, else to Lambda's own. */
const GROUP_PREFIXES = ['/aws/lambda/', '/aws/cloudformation/'];
/** MiniStack stamps an invocation's lines when it ends, and files them a moment later. */
const SETTLE_MS = 1_000;

/**
 * Copies what functions say from MiniStack's memory, where it would end with MiniStack, into files: most invocations' lines are in no log of MiniStack's
 * own. `stop` copies the rest. Trouble with it never troubles the stack: what could not be read this time is read the next.
 */
export async function followFunctionLogs(options: FollowOptions): Promise<{ stop(): Promise<void> }> {
  const { folder, everyMs = 5_000, logs = cloudwatchLogs(options.endpoint), now = Date.now } = options;
  await mkdir(folder, { recursive: true });
  /** The moment up to which a group is copied. */
  const copied = new Map<string, number>();

  async function copy(untilMs: number): Promise<void> {
    const groups = await Promise.all(GROUP_PREFIXES.map((prefix) => logs.groups(prefix)));
    for (const group of groups.flat()) {
      const events = await logs.events(group, copied.get(group) ?? 0, untilMs);
      copied.set(group, untilMs);
      if (events.length === 0) continue;
      const lines = events.map(
        ({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${message.trimEnd()}\n`,
      );
      await appendFile(join(folder, `${basename(group)}.log`), lines.join(''));
    }
  }

  let running: Promise<void> = Promise.resolve();
  const copyOnce = (untilMs: number) => {
    running = running.then(() => copy(untilMs)).catch(() => undefined);
    return running;
  };
  const timer = setInterval(() => void copyOnce(now() - SETTLE_MS), everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await copyOnce(now() + 1);
    },
  };
}
