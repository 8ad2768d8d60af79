import { expect, test } from 'vitest';
import { capMemory } from '../../../adapters/templates/cap-memory.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A custom section, which comes before and stays as it is. */
const NOTE = [0, 3, 1, 0x6e, 7];
const EXPORTS = [7, 5, 1, 1, 0x6d, 2, 0];
const module = (...memory: number[]) => Uint8Array.from([...HEADER, ...NOTE, ...memory, ...EXPORTS]);

const memoryOf = (bytes: Uint8Array) => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
  return exports['m'] as WebAssembly.Memory & { grow(pages: number): number };
};

test.each([
  ['without a maximum', [5, 3, 1, 0, 2]],
  ['with a higher one', [5, 5, 1, 1, 2, 0x80, 0x40]],
])('a memory %s ends at the given number of pages', (_name, section) => {
  const memory = memoryOf(capMemory(module(...section), 300));
  expect(memory.buffer.byteLength).toBe(2 * 65_536);
  expect(memory.grow(298)).toBe(2);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test('all other sections stay as they were', () => {
  const capped = [...capMemory(module(5, 3, 1, 0, 2), 4096)];
  expect(capped).toEqual([...HEADER, ...NOTE, 5, 5, 1, 1, 2, 0x80, 0x20, ...EXPORTS]);
});

test.each([
  ['begins with more than that', module(5, 3, 1, 0, 9), 'begins with 9 pages'],
  ['has two memories', module(5, 5, 2, 0, 1, 0, 1), 'exactly one plain memory'],
  ['has a shared memory', module(5, 4, 1, 3, 1, 1), 'exactly one plain memory'],
  ['has none', module(), 'no memory section'],
  ['is cut off', Uint8Array.from([...HEADER, 5]), 'ends in the middle'],
])('a module that %s is refused', (_name, bytes, words) => {
  expect(() => capMemory(bytes, 8)).toThrow(words);
});
