/** The processes of the stack's machine, as `ps` knows them: to end one as a crash would. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitUntil } from '../../local/process/wait-until.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';

export interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** The helm that makes or upgrades this release, once it runs. */
export async function helmAtWorkOn(release: string): Promise<Running> {
  return await waitUntil(async () => (await processes()).find(({ args }) => isHelmOn(args, release)), {
    what: `helm to be at work on ${release}`,
    deadlineMs: 30_000,
  });
}

const isHelmOn = (args: string, release: string) => /\/helm upgrade /.test(args) && args.split(' ').includes(release);

async function processes(): Promise<readonly Running[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** Ends the warm processes of a function, as Lambda does whenever it likes: what they kept in memory is gone. Call it while none is at work. */
export async function endWarmSandboxes({ folder }: RunningStack, functionName: string): Promise<void> {
  const all = await processes();
  for (const { pid, args } of all) {
    if (args.includes(`${folder}/ministack/`) && args.includes(functionName)) process.kill(pid, 'SIGKILL');
  }
}
