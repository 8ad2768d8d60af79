import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureEntry } from '../../../local/install/ensure-entry.ts';

let cache: string;
beforeEach(async () => {
  cache = join(await mkdtemp(join(tmpdir(), 'fairlead-cache-')), 'fairlead');
});
afterEach(() => rm(join(cache, '..'), { recursive: true, force: true }));

const onWait = () => undefined;
const build = (text: string) => vi.fn((folder: string) => writeFile(join(folder, 'file'), text));

test('an entry is built once; whoever comes at the same time or later gets the same one', async () => {
  const builds = build('built');
  const entry = { cache, key: 'tool-1', build: builds, onWait };
  const folders = await Promise.all([ensureEntry(entry), ensureEntry(entry), ensureEntry(entry)]);
  expect(new Set([...folders, await ensureEntry(entry)])).toEqual(new Set([join(cache, 'tool-1')]));
  expect(builds).toHaveBeenCalledTimes(1);
  expect(await readdir(cache)).toEqual(['tool-1']);
});

test('a build is told where its result is going to be, and is not there yet', async () => {
  await ensureEntry({
    cache,
    key: 'tool-1',
    onWait,
    build: async (folder, home) => {
      expect(home).toBe(join(cache, 'tool-1'));
      expect(await readdir(cache)).not.toContain('tool-1');
      expect(await readdir(folder)).toEqual([]);
    },
  });
});

test('a build that fails leaves nothing, and the next one tries again', async () => {
  const failing = ensureEntry({ cache, key: 'tool-1', build: () => Promise.reject(new Error('no network')), onWait });
  await expect(failing).rejects.toThrow('no network');
  expect(await readdir(cache)).toEqual([]);
  const folder = await ensureEntry({ cache, key: 'tool-1', build: build('second'), onWait });
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('second');
});

test('what another process published meanwhile stays', async () => {
  const folder = await ensureEntry({
    cache,
    key: 'tool-1',
    onWait,
    build: async (mine) => {
      await writeFile(join(mine, 'file'), 'mine');
      await mkdir(join(cache, 'tool-1'));
      await writeFile(join(cache, 'tool-1', 'file'), 'theirs');
    },
  });
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('theirs');
  expect(await readdir(cache)).toEqual(['tool-1']);
});

test('half-built folders of dead processes go, those of living ones stay', async () => {
  const longAgo = new Date(Date.now() - 3 * 60 * 60_000);
  for (const name of ['old.building-1-a', 'new.building-2-b']) await mkdir(join(cache, name), { recursive: true });
  await utimes(join(cache, 'old.building-1-a'), longAgo, longAgo);
  await ensureEntry({ cache, key: 'tool-1', build: build('built'), onWait });
  expect(await readdir(cache)).toEqual(['new.building-2-b', 'tool-1']);
});
