import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepBackup } from '../../adapters/keep-backup.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-backup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a copy is for the user alone, says cluster and time, and is never overwritten', async () => {
  const keep = keepBackup(join(folder, 'new', 'aws-auth'), () => new Date('2026-11-21T10:00:00.123Z'));
  const path = await keep('main', 'old');
  expect(path).toBe(join(folder, 'new/aws-auth/main-2026-11-21T10-00-00-123Z.yaml'));
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  expect(((await stat(join(folder, 'new'))).mode & 0o777).toString(8)).toBe('700');
  await expect(keep('main', 'other')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(path, 'utf8')).toBe('old');
});
