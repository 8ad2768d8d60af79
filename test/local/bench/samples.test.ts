import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summarise } from '../../../local/bench/samples.ts';

test.each<[string, number[], number, number]>([
  ['one sample', [7], 7, 7],
  ['two', [9, 1], 1, 9],
  ['twenty, in any order', Array.from({ length: 20 }, (_, n) => 20 - n), 10, 19],
  ['a hundred', Array.from({ length: 100 }, (_, n) => n + 1), 50, 95],
])('the percentiles of %s are by nearest rank', (_, samples, p50, p95) => {
  expect(summarise(samples)).toMatchObject({ count: samples.length, p50, p95 });
});

test('every figure is one that was measured, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (samples) => {
      const { least, p50, p95, most } = summarise(samples);
      expect([least, p50, p95, most].every((figure) => samples.includes(figure))).toBe(true);
      expect([least, p50, p95, most]).toEqual([least, p50, p95, most].toSorted((a, b) => a - b));
      expect([least, most]).toEqual([Math.min(...samples), Math.max(...samples)]);
    }),
  );
});

test('nothing measured is said, not shown as a figure', () => {
  expect(() => summarise([])).toThrow('no samples');
});
