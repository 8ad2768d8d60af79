import { join } from 'node:path';
import type { Child } from '../process/start-child.ts';
import { programFlags } from './program-flags.ts';
import { startProgram } from './start-program.ts';

export interface EtcdOptions {
  readonly cluster: string;
  /** Path of etcd. */
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly log: string;
}

const DEADLINE_MS = 30_000;

/** A single etcd for one cluster. Its data is as short-lived as the stack, so nothing is synced to disk. @throws PortTaken, or with its last words */
export async function startEtcd({ cluster, program, folder, port, log }: EtcdOptions): Promise<Child> {
  const url = `http://127.0.0.1:${port}`;
  return await startProgram({
    name: `etcd of ${cluster}`,
    command: program,
    args: programFlags({
      'data-dir': join(folder, 'etcd'),
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': 'http://127.0.0.1:0',
      'unsafe-no-fsync': true,
      'auto-compaction-retention': '10m',
      'log-level': 'warn',
    }),
    env: {},
    cwd: folder,
    log,
    deadlineMs: DEADLINE_MS,
    ready: async () => (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).ok,
  });
}
