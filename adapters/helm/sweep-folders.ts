/** A process that was killed leaves its private folder behind, values and all: whoever starts next takes it away. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What the names of helm's private folders begin with. */
export const PRIVATE_FOLDER = 'fairlead-helm-';

/** No Lambda lives longer than 15 minutes, so a folder older than that belongs to nobody. */
const NOBODYS_AFTER_MS = 20 * 60_000;

/** Removes such folders in `temporary`; answers how many. Folders of other users, and those still in use, stay. */
export async function sweepFolders(temporary: string, now: Date): Promise<number> {
  const names = (await readdir(temporary)).filter((name) => name.startsWith(PRIVATE_FOLDER));
  const swept = await Promise.all(names.map((name) => sweep(join(temporary, name), now)));
  return swept.filter(Boolean).length;
}

async function sweep(folder: string, now: Date): Promise<boolean> {
  try {
    const { mtimeMs, uid } = await stat(folder);
    if (now.getTime() - mtimeMs < NOBODYS_AFTER_MS || uid !== process.getuid?.()) return false;
    await rm(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    // Somebody else swept it at the same moment.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
