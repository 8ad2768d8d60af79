import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

/** An owner that has not touched its lock for so long is dead, whatever its pid says (pids are reused, and are strangers in another container). */
const DEAD_AFTER_MS = 30_000;
const TOUCH_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 200;

const Owner = z.object({ token: z.string(), pid: z.int().positive(), host: z.string() });
type Owner = z.infer<typeof Owner>;

export interface LockOptions {
  /** Told, once, that somebody else has it: their pid. */
  readonly onWait?: (pid: number) => void;
  /** Milliseconds after which waiting is given up. */
  readonly timeoutMs: number;
}

/**
 * Does `work` while holding the lock file at `path`; waits for another process that holds it, and takes over from one that died.
 *
 * It saves double work and no more: two waiters that take over from the same dead owner in the same instant may both work.
 * So what `work` publishes has to be published by an atomic rename.
 * @throws when the lock is not to be had in time, naming its file.
 */
export async function withLock<T>(
  path: string,
  { onWait, timeoutMs }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const me: Owner = { token: randomUUID(), pid: process.pid, host: hostname() };
  const until = performance.now() + timeoutMs;
  let told = false;
  while (!(await takeLock(path, me))) {
    const owner = await ownerOf(path);
    if (owner === 'dead') {
      await rm(path, { force: true });
      continue;
    }
    if (owner !== undefined && !told) onWait?.(owner.pid);
    told ||= owner !== undefined;
    if (performance.now() > until) {
      throw new Error(
        `waited ${Math.round(timeoutMs / 1000)} s for ${path}; when no other fairlead runs, remove that file`,
      );
    }
    await pause(LOOK_EVERY_MS);
  }
  const touching = setInterval(() => {
    // A lock that was taken from us is nobody's trouble here: see above.
    utimes(path, new Date(), new Date()).catch(() => undefined);
  }, TOUCH_EVERY_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    const owner = await ownerOf(path);
    if (owner !== 'dead' && owner?.token === me.token) await rm(path, { force: true });
  }
}

async function takeLock(path: string, me: Owner): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(me), { flag: 'wx' });
    return true;
  } catch (error: unknown) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds the lock: an owner, nobody (undefined), or one that is gone. */
async function ownerOf(path: string): Promise<Owner | 'dead' | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const silentMs = Date.now() - mtimeMs;
    if (silentMs > DEAD_AFTER_MS) return 'dead';
    // Created and not yet written: somebody is at it right now.
    if (text === '') return undefined;
    const owner = Owner.safeParse(JSON.parse(text));
    if (!owner.success) return 'dead';
    return owner.data.host === hostname() && !isAlive(owner.data.pid) ? 'dead' : owner.data;
  } catch (error: unknown) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error: unknown) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
