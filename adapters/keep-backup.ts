/** Copies of what is about to be changed, for the day when it is missed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../domain/ports.ts';

/** Writes `{folder}/{name}-{time}.yaml`, readable by the user alone, and answers the path. It never overwrites: two of one millisecond are one too many. */
export function keepBackup(folder: string, now: Clock) {
  return async (name: string, text: string): Promise<string> => {
    const time = now().toISOString().replaceAll(/[:.]/g, '-');
    const path = join(folder, `${name}-${time}.yaml`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    return path;
  };
}
