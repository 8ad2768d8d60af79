import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonMap } from '../../../../domain/json.ts';
import { keyChanges } from '../../../../domain/values/layers/key-change.ts';

test.each<[string, JsonMap, JsonMap, readonly unknown[]]>([
  ['nothing', { a: { b: 1 } }, { a: { b: 1 } }, []],
  ['a value', { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, [{ path: ['a', 'b'], set: 2 }]],
  ['a list as a whole', { a: [1] }, { a: [1, 2] }, [{ path: ['a'], set: [1, 2] }]],
  ['a key that is gone', { a: 1, b: 1 }, { b: 1 }, [{ path: ['a'], unset: true }]],
  ['a map in place of a value', { a: 1 }, { a: { b: 1 } }, [{ path: ['a'], set: { b: 1 } }]],
  ['a null', { a: 1 }, { a: null }, [{ path: ['a'], set: null }]],
])('what changed: %s', (_, before, after, expected) => {
  expect(keyChanges(before, after)).toEqual(expected);
});

test('there are changes exactly where two maps differ, and back again as many', () => {
  const map = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue({ maxDepth: 3 }));
  void fc.assert(
    fc.property(map, map, (a, b) => {
      expect(keyChanges(a, a)).toEqual([]);
      expect(keyChanges(a, b).length === 0).toBe(keyChanges(b, a).length === 0);
    }),
  );
});
