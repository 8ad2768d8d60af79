import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepFolders } from '../../../adapters/helm/sweep-folders.ts';

test('what a killed process left is taken away; what may be in use, and what is not ours, stays', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'sweep-'));
  const now = new Date('2026-11-21T10:00:00Z');
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  for (const [name, minutes] of [
    ['fairlead-helm-old', 21],
    ['fairlead-helm-new', 19],
    ['others', 99],
  ] as const) {
    await mkdir(join(temporary, name));
    await writeFile(join(temporary, name, 'values.yaml'), 'a: 1');
    await utimes(join(temporary, name), ago(minutes), ago(minutes));
  }
  expect(await sweepFolders(temporary, now)).toBe(1);
  expect((await readdir(temporary)).sort()).toEqual(['fairlead-helm-new', 'others']);
  await rm(temporary, { recursive: true });
});
