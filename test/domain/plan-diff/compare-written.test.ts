import { expect, test } from 'vitest';
import { compareWritten } from '../../../domain/plan-diff/compare-written.ts';
import { textOfPath } from '../../../domain/plan-diff/field-path.ts';

const changes = (live: Readonly<Record<string, unknown>> | undefined, written: Readonly<Record<string, unknown>>) =>
  compareWritten(live, written).map(({ path, from, to }) => [textOfPath(path), from, to]);
const named = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' } };

test('of what is new all that the chart says is told, except its address', () => {
  expect(changes(undefined, { ...named, data: { a: '1' }, empty: {} })).toEqual([
    ['data.a', undefined, '1'],
    ['empty', undefined, {}],
  ]);
});

test('only what the chart writes is compared', () => {
  expect(changes({ ...named, data: { a: '1', b: '2' }, status: {} }, { ...named, data: { a: '3' } })).toEqual([
    ['data.a', '1', '3'],
  ]);
});

test.each([
  [
    'items with names are found by them',
    [
      { name: 'a', x: 1 },
      { name: 'b', x: 1 },
    ],
    [{ name: 'b', x: 2 }],
    [['l[name=b].x', 1, 2]],
  ],
  ['items without are found by their place', [{ p: 80, q: 'TCP' }], [{ p: 81 }], [['l[0].p', 80, 81]]],
  ['a list that got shorter is told as a whole', ['a', 'b'], ['a'], [['l', ['a', 'b'], ['a']]]],
  ['the same is no change', [{ name: 'a', x: { y: [1] }, z: 1 }], [{ name: 'a', x: { y: [1] } }], []],
])('of lists: %s', (_, live, written, expected) => {
  expect(changes({ l: live }, { l: written })).toEqual(expected);
});

test("a Secret's stringData is compared with its data", () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };
  const data = { p: Buffer.from('grün').toString('base64') };
  expect(changes({ ...secret, data }, { ...secret, stringData: { p: 'grün' } })).toEqual([]);
  expect(changes({ ...secret, data }, { ...secret, stringData: { p: 'rot' } })).toEqual([
    ['data.p', data.p, Buffer.from('rot').toString('base64')],
  ]);
});
