/** Resident memory of a stack's processes, ours apart from those of others. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Resident set, which counts what processes share once for each of them. */
  readonly kib: number;
  readonly command: string;
}

/** All processes of the machine. Columns as in ps(1) of Linux and macOS. */
export async function processes(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { timeout: 10_000, maxBuffer: 10_000_000 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, kib, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), kib: Number(kib), command }];
  });
}

export interface MemoryLine {
  readonly name: string;
  /** Whether it is Fairlead's own, as opposed to what stands in for AWS and EKS. */
  readonly ours: boolean;
  readonly processes: number;
  readonly mib: number;
}

/** The keeper and everything below it, summed up by what it is. */
export function memoryOf(all: readonly Process[], keeper: number): MemoryLine[] {
  const lines = new Map<string, MemoryLine>();
  for (const process of below(all, keeper)) {
    const { name, ours } = kindOf(process, keeper);
    const before = lines.get(name);
    const mib = (before?.mib ?? 0) + process.kib / 1024;
    lines.set(name, { name, ours, processes: (before?.processes ?? 0) + 1, mib });
  }
  return [...lines.values()].toSorted((a, b) => Number(b.ours) - Number(a.ours) || b.mib - a.mib);
}

function below(all: readonly Process[], root: number): Process[] {
  const family = new Set([root]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

function kindOf({ pid, command }: Process, keeper: number): { name: string; ours: boolean } {
  if (pid === keeper) return { name: 'keeper (with the stand-in for kubelet and GitHub)', ours: true };
  if (command.includes('guard.ts')) return { name: 'guard', ours: true };
  if (command.includes('_worker.js')) return { name: 'Lambda workers', ours: false };
  if (command.includes('bin/ministack')) return { name: 'MiniStack', ours: false };
  return { name: basename(command.split(' ')[0] ?? ''), ours: false };
}
