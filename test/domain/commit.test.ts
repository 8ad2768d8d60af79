import { expect, test } from 'vitest';
import { memoryTable } from '../../adapters/memory/memory-table.ts';
import { commit } from '../../domain/commit.ts';
import { keys } from '../../domain/keys.ts';
import { type Conflict, type Table, write } from '../../domain/table.ts';

const COUNTER = keys.counter('webui');
const patience = (paused: number[] = [], tries = 3) => ({ tries, pause: async (n: number) => void paused.push(n) });
const add =
  (table: Table, seen: (readonly Conflict[])[] = []) =>
  async (met: readonly Conflict[]) => {
    seen.push(met);
    const last = await table.get(COUNTER);
    const next = (last?.last ?? 0) + 1;
    return { writes: [write(COUNTER, last, { type: 'counter', v: 1, last: next })], result: next };
  };

/** A table where somebody else writes first, `times` times. */
function contended(times: number): Table {
  const table = memoryTable();
  let left = times;
  return {
    ...table,
    async transact(writes) {
      if (left-- > 0) await table.transact((await add(table)([])).writes);
      return table.transact(writes);
    },
  };
}

test('what went through at once was looked at once', async () => {
  const paused: number[] = [];
  expect(await commit(memoryTable(), patience(paused), add(memoryTable()))).toBe(1);
  expect(paused).toEqual([]);
});

test('who was slower looks again, is told what was met, and decides anew', async () => {
  const [paused, seen]: [number[], (readonly Conflict[])[]] = [[], []];
  const table = contended(2);
  expect(await commit(table, patience(paused), add(table, seen))).toBe(3);
  expect(paused).toEqual([1, 2]);
  expect(seen.map((met) => met.map(({ key }) => key))).toEqual([[], [COUNTER], [COUNTER]]);
});

test('nothing to write is an answer, and nothing is sent', async () => {
  const table: Table = { ...memoryTable(), transact: () => Promise.reject(new Error('sent')) };
  expect(await commit(table, patience(), async () => ({ writes: [], result: 'done' }))).toBe('done');
});

test('a storm ends in a named error after the last try', async () => {
  const table = contended(99);
  await expect(commit(table, patience(), add(table))).rejects.toMatchObject({ name: 'StillContended' });
});
