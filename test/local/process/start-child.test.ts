import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lastLines } from '../../../local/process/last-lines.ts';
import { startChild } from '../../../local/process/start-child.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-child-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const node = (script: string, log = 'child.log') => ({
  name: 'a child',
  command: process.execPath,
  args: ['-e', script],
  env: { GREETING: 'hello' },
  cwd: folder,
  log: join(folder, 'logs', log),
});

/** A process that ignores SIGTERM and says so. */
const STUBBORN = "process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000)";

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a child's words and its environment reach its log, and its exit code reaches us", async () => {
  const child = await startChild(
    node('console.log(process.env.GREETING, Object.keys(process.env).length); process.exit(3)'),
  );
  expect(await child.exited).toEqual({ code: 3, signal: null });
  expect(await lastLines(join(folder, 'logs', 'child.log'), 1)).toEqual(['hello 1']);
  await child.stop();
});

test('a program that does not exist is named', async () => {
  await expect(startChild({ ...node(''), command: join(folder, 'nothing') })).rejects.toThrow(
    /a child did not start \(.*nothing\)/,
  );
});

test('a child that ignores SIGTERM is killed after its grace', async () => {
  const child = await startChild(node(STUBBORN));
  await vi.waitFor(async () => expect(await lastLines(join(folder, 'logs', 'child.log'), 1)).toEqual(['up']), 5_000);
  await child.stop(50);
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(alive(child.pid)).toBe(false);
});

test('what a child started goes with it', async () => {
  const script = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STUBBORN)}]); console.log(c.pid)`;
  const child = await startChild(node(script));
  const line = await vi.waitFor(async () => {
    const [last] = await lastLines(join(folder, 'logs', 'child.log'), 1);
    expect(last).toBeDefined();
    return last;
  }, 5_000);
  await child.stop(50);
  await vi.waitFor(() => expect(alive(Number(line))).toBe(false), 5_000);
});

test('children end when their parent is killed without warning', async () => {
  const startChildPath = join(import.meta.dirname, '../../../local/process/start-child.ts');
  const parentFile = join(folder, 'parent.ts');
  await writeFile(
    parentFile,
    `import { startChild } from ${JSON.stringify(startChildPath)};
     const child = await startChild(${JSON.stringify(node(STUBBORN))});
     console.log(child.pid);`,
  );
  const parent = spawn(process.execPath, [parentFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await parent.stdout.take(1).toArray();
  const pid = Number(String(output));
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 8_000, interval: 50 });
}, 15_000);

test('a guard that is killed takes its children with it, and their parent hears of their end', async () => {
  const child = await startChild(node(STUBBORN));
  const guard = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(child.pid)]).toString());
  expect(guard).not.toBe(process.pid);
  process.kill(guard, 'SIGKILL');
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await vi.waitFor(() => expect(alive(child.pid)).toBe(false), 5_000);
  const next = await startChild(node('process.exit(0)'));
  expect(await next.exited).toEqual({ code: 0, signal: null });
});

test('the last lines of a long log are whole lines', async () => {
  const path = join(folder, 'long.log');
  await writeFile(path, Array.from({ length: 3000 }, (_, i) => `line ${i} of a log that goes on`).join('\n'));
  const lines = await lastLines(path, 2000);
  expect(lines.at(-1)).toBe('line 2999 of a log that goes on');
  expect(lines[0]).toMatch(/^line \d+ of a log/);
  expect(await lastLines(join(folder, 'none.log'), 3)).toEqual([]);
  expect((await readFile(path, 'utf8')).length).toBeGreaterThan(16_384);
});
