import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough for a branch or two, with and without the running stack's port; each is some 35 MB, most of it the kubectl layer. */
const KEPT = 4;
/** A younger one may be in another process's hands. */
const IN_USE_MS = 10 * 60_000;

/** Marks an assembly as used now and removes those that have not been used for longest. */
export async function pruneAssemblies(folder: string, used: string, now: Date = new Date()): Promise<void> {
  await utimes(join(folder, used), now, now);
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, usedMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = entries.sort((a, b) => b.usedMs - a.usedMs).slice(KEPT);
  for (const { name, usedMs } of old) {
    if (now.getTime() - usedMs > IN_USE_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}
