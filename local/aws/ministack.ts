import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../process/free-port.ts';
import { lastLines } from '../process/last-lines.ts';
import { startChild } from '../process/start-child.ts';
import { waitUntil } from '../process/wait-until.ts';
import { miniStackEnvironment } from './ministack-environment.ts';

export interface MiniStackOptions {
  /** The `ministack` program of its virtual environment (`ensureTools().ministack`). */
  readonly executable: string;
  /** A folder of its own: unzipped functions, temporary files. Made when absent. */
  readonly folder: string;
  /** The file that takes all it says. */
  readonly log: string;
  /** The rest of PATH. @default what POSIX promises: /usr/local/bin, /usr/bin, /bin */
  readonly path?: string;
  /** Variables on top of `miniStackEnvironment`, handed on to every Lambda. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ports to take when they are free. @default none: any free one */
  readonly ports?: readonly number[];
  /** How long its health may take to answer, in milliseconds. @default 60000 */
  readonly deadlineMs?: number;
}

export interface MiniStack {
  /** `http://127.0.0.1:PORT`: what AWS_ENDPOINT_URL is set to. */
  readonly endpoint: string;
  readonly pid: number;
  /** Settles when the process is gone, asked or not. */
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

const ATTEMPTS = 3;

/**
 * Starts MiniStack with AUTH=true on a free loopback port and answers once its health does. Its data lives in memory and goes with it.
 * Throws with the last lines of its log when it ends early or stays silent past the deadline.
 */
export async function startMiniStack(options: MiniStackOptions): Promise<MiniStack> {
  for (let attempt = 1; ; attempt++) {
    const started = await attemptStart(options, await freePort(attempt === 1 ? options.ports : []));
    if (started !== 'port taken') return started;
    if (attempt === ATTEMPTS) throw new Error(`ministack found its port taken ${ATTEMPTS} times: see ${options.log}`);
  }
}

async function attemptStart(options: MiniStackOptions, port: number): Promise<MiniStack | 'port taken'> {
  const { executable, folder, log, path = '/usr/local/bin:/usr/bin:/bin', env = {}, deadlineMs = 60_000 } = options;
  const environment = miniStackEnvironment({ port, folder, node: process.execPath, path, extra: env });
  await mkdir(join(folder, 'tmp'), { recursive: true });
  const child = await startChild({
    name: 'ministack',
    command: executable,
    args: [],
    env: environment,
    cwd: folder,
    log,
  });
  let gone = false;
  const exited = child.exited.finally(() => {
    gone = true;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    const health = await waitUntil(async () => (gone ? 'gone' : await healthOf(endpoint)), {
      what: `ministack at ${endpoint} (log: ${log})`,
      deadlineMs,
    });
    if (health === 'healthy') return { endpoint, pid: child.pid, exited, stop: () => child.stop() };
  } catch (error) {
    await child.stop();
    throw error;
  }
  const said = (await lastLines(log, 10)).join('\n');
  if (said.includes('already in use')) return 'port taken';
  throw new Error(`ministack ended before it was ready; its last words (${log}):\n${said}`);
}

async function healthOf(endpoint: string): Promise<'healthy' | undefined> {
  try {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? 'healthy' : undefined;
  } catch {
    // Refused or too slow: not yet. The caller's deadline and the process's end are what stop the waiting.
    return undefined;
  }
}
