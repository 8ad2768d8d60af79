import { spawnSync } from 'node:child_process';
import { access, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from '../../../local/install/lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-lock-'));
  path = join(folder, 'a.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const owner = (over: object) => JSON.stringify({ token: 'theirs', pid: process.pid, host: hostname(), ...over });
/** The pid of a process that is no more. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;
const soon = { timeoutMs: 5_000 };

test('two that want it take turns', async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
  };
  await Promise.all([withLock(path, soon, work('one')), withLock(path, soon, work('two'))]);
  expect(order).toHaveLength(4);
  expect(order[0]?.split(' ')[0]).toBe(order[1]?.split(' ')[0]);
  await expect(access(path)).rejects.toThrow();
});

test('work that fails gives the lock back, and fails', async () => {
  const failing = withLock(path, soon, () => Promise.reject(new Error('no space left')));
  await expect(failing).rejects.toThrow('no space left');
  expect(await withLock(path, soon, async () => 'mine')).toBe('mine');
});

test.each([
  ['of a process that died', () => owner({ pid: deadPid() })],
  ['that is not a lock of ours', () => '{"something":"else"}'],
])('a lock %s is taken over', async (_what, content) => {
  await writeFile(path, content());
  expect(await withLock(path, soon, async () => 'mine')).toBe('mine');
});

test('a lock that nobody has touched for half a minute is taken over, whoever holds it', async () => {
  await writeFile(path, owner({ host: 'another-container' }));
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, soon, async () => 'mine')).toBe('mine');
});

test('a living owner is waited for, is told of once, and in vain ends with the name of the file', async () => {
  const onWait = vi.fn();
  await writeFile(path, owner({}));
  await expect(withLock(path, { timeoutMs: 0, onWait }, async () => 'mine')).rejects.toThrow(path);
  expect(onWait).toHaveBeenCalledExactlyOnceWith(process.pid);
  expect(await readFile(path, 'utf8')).toContain('theirs');
});

test('a pid on another machine says nothing: the owner counts as alive while it touches its lock', async () => {
  await writeFile(path, owner({ host: 'another-machine', pid: deadPid() }));
  await expect(withLock(path, { timeoutMs: 0 }, async () => 'mine')).rejects.toThrow(/remove that file/);
});
