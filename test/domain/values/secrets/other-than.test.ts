import fc from 'fast-check';
import { expect, test } from 'vitest';
import { otherThan } from '../../../../domain/values/secrets/other-than.ts';

test('what stands in for a secret differs from it in every letter and digit, and in length', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'azAZ09mK5') }), (text) => {
      const other = otherThan(text);
      expect(other).toHaveLength(text.length + 2);
      for (const [index, letter] of [...text].entries()) expect(String(other)[index]).not.toBe(letter);
    }),
  );
});

test.each([
  ['{"a": 1}', '{"b": 2}x7'],
  [7, 1_000_010],
  [0.5, 2],
  [true, false],
  [['a'], ['bx7', 'x7']],
  ['-----', 'x7-----x7'],
  ['åб', 'xxx7'],
  ['', 'x7'],
  [{ k: 'a' }, { k: 'bx7' }],
  [null, 'x7'],
])('%j becomes %j', (value, other) => {
  expect(otherThan(value)).toEqual(other);
});
