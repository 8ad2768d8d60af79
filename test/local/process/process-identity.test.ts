import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identityOf, isAlive, startOfStat } from '../../../local/process/process-identity.ts';

test('a process is itself as long as it lives, and nobody after', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await once(child, 'spawn');
  const identity = await identityOf(child.pid ?? 0);
  if (identity === undefined) throw new Error('a living process has an identity');
  expect(await isAlive(identity)).toBe(true);
  expect(await isAlive({ ...identity, startedAt: 'earlier' })).toBe(false);
  child.kill('SIGKILL');
  await exited;
  expect(await isAlive(identity)).toBe(false);
});

test.each([
  ['a plain name', '7 (node) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0', 'boot/4242'],
  ['a name with spaces and parentheses', '7 (a) b (c)) R 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0', 'boot/4242'],
  ['a zombie', '7 (node) Z 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0', undefined],
])('the start of %s', (_, stat, start) => {
  expect(startOfStat(stat, 'boot')).toBe(start);
});
