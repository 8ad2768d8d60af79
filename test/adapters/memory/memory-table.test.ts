import { expect, test } from 'vitest';
import { type Change, memoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys } from '../../../domain/keys.ts';
import { create, remove, replace } from '../../../domain/table.ts';
import { tableContract } from '../table.contract.ts';

tableContract('memory', async () => memoryTable());

test('a stream reader sees each change with what was before and after, and no check or failed write', async () => {
  const table = memoryTable();
  const seen: (readonly Change[])[] = [];
  table.onChange((changes) => seen.push(changes));
  const key = keys.counter('webui');
  const first = { type: 'counter', v: 1, rev: 1, last: 0 } as const;
  const second = { ...first, rev: 2, last: 1 };
  await table.transact([create(key, first)]);
  await table.transact([create(key, first)]);
  await table.transact([{ do: 'check', key, expect: { rev: 1 } }]);
  await table.transact([replace(key, first, { last: 1 })]);
  await table.transact([remove(key, second)]);
  expect(seen).toEqual([
    [{ key, before: undefined, after: first }],
    [],
    [{ key, before: first, after: second }],
    [{ key, before: second, after: undefined }],
  ]);
});
