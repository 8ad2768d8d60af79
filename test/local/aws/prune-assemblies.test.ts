import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pruneAssemblies } from '../../../local/aws/prune-assemblies.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-assemblies-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function used(...minutesAgo: number[]): Promise<void> {
  for (const minutes of minutesAgo) {
    const path = join(folder, `${minutes}`);
    const at = new Date(NOW.getTime() - minutes * 60_000);
    await mkdir(path);
    await utimes(path, at, at);
  }
}

test('the four that were used last stay, whenever they were made', async () => {
  await used(11, 20, 30, 40, 50, 60);
  await pruneAssemblies(folder, '60', NOW);
  expect((await readdir(folder)).sort()).toEqual(['11', '20', '30', '60']);
});

test('one that somebody may be using right now stays', async () => {
  await used(1, 2, 3, 4, 5, 90);
  await pruneAssemblies(folder, '1', NOW);
  expect((await readdir(folder)).sort()).toEqual(['1', '2', '3', '4', '5']);
});
