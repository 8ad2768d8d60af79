import { expect, test } from 'vitest';
import { memoryOf, type Process, processes } from '../../../local/bench/memory.ts';

const KEEPER = 10;
const process_ = (pid: number, parent: number, mib: number, command: string): Process => ({
  pid,
  parent,
  kib: mib * 1024,
  command,
});
const ALL = [
  // In an order in which children come before their parents.
  process_(40, 30, 90, 'node /tmp/x/_worker.js'),
  process_(41, 30, 110, 'node /tmp/y/_worker.js'),
  process_(30, 20, 150, '/v/bin/python /v/bin/ministack'),
  process_(31, 20, 300, '/k/kube-apiserver --secure-port=1'),
  process_(20, KEEPER, 60, 'node /r/local/process/guard.ts'),
  process_(KEEPER, 1, 140, 'node /r/local/stack/keeper.ts'),
  process_(50, 1, 999, '/k/kube-apiserver --of-another-stack'),
];

test('a stack is its keeper and all below it: ours first, then the others, and nothing of other stacks', () => {
  expect(memoryOf(ALL, KEEPER).map(({ name, ours, processes: n, mib }) => [ours, name.split(' (')[0], n, mib])).toEqual(
    [
      [true, 'keeper', 1, 140],
      [true, 'guard', 1, 60],
      [false, 'kube-apiserver', 1, 300],
      [false, 'Lambda workers', 2, 200],
      [false, 'MiniStack', 1, 150],
    ],
  );
});

test('the processes of this machine are read with their memory', async () => {
  const own = (await processes()).find(({ pid }) => pid === process.pid);
  expect(own?.parent).toBe(process.ppid);
  expect(own?.kib).toBeGreaterThan(10_000);
});
