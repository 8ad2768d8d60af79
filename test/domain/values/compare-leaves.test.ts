import { expect, test } from 'vitest';
import { compareLeaves } from '../../../domain/values/compare-leaves.ts';
import type { Leaf } from '../../../domain/values/effective.ts';

const leaf = (key: string, value: unknown): Leaf => ({
  path: key.split('.'),
  value,
  secret: false,
  origin: { of: 'chart' },
  overrides: [],
});
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

test('a value is the same, changed or new, and what is not set any more is told', () => {
  const { leaves, removed } = compareLeaves(
    [leaf('a', 1), leaf('b.c', [1, 2]), leaf('d', 'x')],
    [leaf('a', 1), leaf('b.c', [1]), leaf('e', true)],
    same,
  );
  expect(leaves.map(({ leaf: { path }, change, was }) => [path.join('.'), change, was?.value])).toEqual([
    ['a', 'same', undefined],
    ['b.c', 'changed', [1]],
    ['d', 'new', undefined],
  ]);
  expect(removed.map(({ path }) => path.join('.'))).toEqual(['e']);
});

test('keys with dots are other keys than nested ones', () => {
  const dotted = { ...leaf('x', 1), path: ['a.b'] };
  const { leaves, removed } = compareLeaves([dotted], [leaf('a.b', 1)], same);
  expect(leaves[0]?.change).toBe('new');
  expect(removed).toHaveLength(1);
});
