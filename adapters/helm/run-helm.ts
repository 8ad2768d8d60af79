/** Runs helm once: no shell, a private folder, an environment of its own, and an end that comes before ours. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull } from './disk-full.ts';
import { PRIVATE_FOLDER } from './sweep-folders.ts';

export interface HelmCommand {
  /** Path of the helm binary. */
  readonly helm: string;
  /** Where the private folder is made, `/tmp` in a Lambda. */
  readonly temporary: string;
  /** Files in the private folder, by name; readable by us only, removed afterwards. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Arguments, given the path of each file. */
  readonly args: (path: (file: string) => string) => readonly string[];
  /** `SIGTERM` to helm's process group 60 s before, `SIGKILL` 20 s before this. Asked each second: it may move on, or come at once. */
  readonly hardEnd: () => Date;
  readonly now: () => Date;
  readonly maxStdout?: number;
}

export interface HelmEnd {
  readonly code: number | null;
  /** True when we had to end it. */
  readonly cutOff: boolean;
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderr: string;
}

const TERM_BEFORE_MS = 60_000;
const KILL_BEFORE_MS = 20_000;
const LOOK_EVERY_MS = 1000;
const MAX_TEXT = 64 * 1024;

/**
 * Resolves when helm and everything it started is over and its folder is gone.
 * @throws DiskFull when its files do not fit: helm was not run.
 */
export async function runHelm(command: HelmCommand): Promise<HelmEnd> {
  const folder = await mkdtemp(join(command.temporary, PRIVATE_FOLDER)).catch(diskFull(command.temporary));
  try {
    for (const [name, content] of Object.entries(command.files)) {
      await writeFile(join(folder, name), content, { mode: 0o600 }).catch(diskFull(command.temporary));
    }
    return await run(command, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run({ helm, args, hardEnd, now, maxStdout = MAX_TEXT }: HelmCommand, folder: string): Promise<HelmEnd> {
  return new Promise((ended, failed) => {
    const child = spawn(helm, [...args((file) => join(folder, file))], {
      cwd: folder,
      detached: true, // a process group of its own, so that plugins and post-renderers end with it
      env: environment(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = tail(maxStdout);
    const stderr = tail(MAX_TEXT);
    child.stdout.on('data', stdout.add);
    child.stderr.on('data', stderr.add);

    let cutOff = false;
    const end = (signal: NodeJS.Signals) => {
      cutOff = true;
      endGroup(child.pid, signal);
    };
    const left = () => hardEnd().getTime() - now().getTime();
    const timers = [
      whenLeft(left, TERM_BEFORE_MS, () => end('SIGTERM')),
      whenLeft(left, KILL_BEFORE_MS, () => end('SIGKILL')),
    ];
    const finish = () => {
      for (const timer of timers) timer.cancel();
      endGroup(child.pid, 'SIGKILL');
    };
    child.once('error', (error) => {
      finish();
      failed(new HelmNotStarted(`${helm} did not start: ${error.message}`, { cause: error }));
    });
    child.once('close', (code) => {
      finish();
      ended({ code, cutOff, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

/** Does it once, as soon as no more than `before` is left; looks again each second. */
function whenLeft(left: () => number, before: number, act: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout;
  const look = () => (left() > before ? arm() : act());
  const arm = () => {
    timer = setTimeout(look, Math.min(LOOK_EVERY_MS, Math.max(0, left() - before)));
  };
  arm();
  return { cancel: () => clearTimeout(timer) };
}

/** There is no helm where the deployer's configuration says. */
export class HelmNotStarted extends Error {
  override readonly name = 'HelmNotStarted';
}

/** Everything helm would keep in a home stays in the folder; nothing of ours is handed on. */
function environment(folder: string): Record<string, string> {
  return {
    HOME: folder,
    TMPDIR: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    HELM_DRIVER: 'secret',
    HELM_NO_PLUGINS: '1',
  };
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody is left in the group.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Keeps the last `limit` bytes: what matters stands at the end. */
function tail(limit: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      while (size - (chunks[0]?.length ?? 0) >= limit) size -= chunks.shift()?.length ?? 0;
    },
    text: () => Buffer.concat(chunks).subarray(-limit).toString('utf8'),
  };
}
