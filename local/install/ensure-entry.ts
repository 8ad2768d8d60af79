import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.ts';

export interface Entry {
  /** The cache; made when absent. */
  readonly cache: string;
  /** From `cacheKey`: the name of the entry's folder. */
  readonly key: string;
  /** Fills `folder`, which exists and is empty. `home` is where it is going to be: scripts that name their own place must name that. */
  build(folder: string, home: string): Promise<void>;
  /** Told that another process builds it right now. */
  readonly onWait: (pid: number) => void;
}

/** Longest wait for another process that builds the same; a cold build of Kubernetes on two busy cores takes 10 minutes. */
const WAIT_MS = 30 * 60_000;
/** Temporary folders older than this are left over from a process that died. */
const LEFT_OVER_AFTER_MS = 2 * 60 * 60_000;

/**
 * The folder of a cache entry, built when it is not there. It is complete or absent at all times: built beside its place and renamed.
 * Safe when several processes want it at once, and after one of them died.
 */
export async function ensureEntry({ cache, key, build, onWait }: Entry): Promise<string> {
  const home = join(cache, key);
  if (await isThere(home)) return home;
  await mkdir(cache, { recursive: true });
  return await withLock(join(cache, `${key}.lock`), { onWait, timeoutMs: WAIT_MS }, async () => {
    if (await isThere(home)) return home;
    await removeLeftOvers(cache);
    const folder = join(cache, `${key}.building-${process.pid}-${Date.now().toString(36)}`);
    await mkdir(folder);
    try {
      await build(folder, home);
      await publish(folder, home);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return home;
  });
}

async function publish(folder: string, home: string): Promise<void> {
  try {
    await rename(folder, home);
  } catch (error: unknown) {
    // Somebody was faster. Theirs is as good as ours: the key names everything that went into it.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')) return;
    throw error;
  }
}

async function removeLeftOvers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.includes('.building-')) continue;
    const path = join(cache, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_OVER_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
