import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeLayers, type Values } from '../../../../domain/values/layers/merge-layers.ts';

const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
/** Layers of one shape: each has some of its leaves, none puts a map where another has a leaf. */
const layer: fc.Arbitrary<Values> = fc.record(
  {
    replicas: leaf,
    image: fc.record({ tag: leaf, pull: leaf }, { requiredKeys: [] }),
    deep: fc.record({ er: fc.record({ a: leaf, b: leaf }, { requiredKeys: [] }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

describe('layers of values', () => {
  test.each<[string, Values[], Values]>([
    ['no layers are an empty map', [], {}],
    ['maps merge deep', [{ a: { b: 1, c: 2 } }, { a: { c: 3, d: 4 } }], { a: { b: 1, c: 3, d: 4 } }],
    ['lists replace', [{ hosts: ['a', 'b'] }, { hosts: ['c'] }], { hosts: ['c'] }],
    ['the last one wins', [{ a: 1 }, { a: 2 }, { a: 3 }], { a: 3 }],
    ['null stays null, for helm to remove the key with it', [{ a: 1, b: 2 }, { a: null }], { a: null, b: 2 }],
    [
      'a map after null is only what the later layer says',
      [{ a: { x: 1 } }, { a: null }, { a: { y: 2 } }],
      { a: { y: 2 } },
    ],
    ['a leaf replaces a map', [{ a: { b: 1 } }, { a: 'off' }], { a: 'off' }],
    ['a map replaces a leaf', [{ a: 'off' }, { a: { b: 1 } }], { a: { b: 1 } }],
    ['an empty map takes nothing away', [{ a: { b: 1 } }, { a: {} }], { a: { b: 1 } }],
  ])('%s', (_, layers, merged) => {
    expect(mergeLayers(layers)).toEqual(merged);
  });

  test('a key that is called __proto__ is a key like any other', () => {
    const merged = mergeLayers([JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"b":2}}')]);
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2}}');
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('an empty layer changes nothing, wherever it stands', () => {
    fc.assert(
      fc.property(layer, (one) => {
        expect(mergeLayers([{}, one])).toEqual(one);
        expect(mergeLayers([one, {}])).toEqual(one);
      }),
    );
  });

  test('a layer over itself changes nothing', () => {
    fc.assert(
      fc.property(layer, (one) => {
        expect(mergeLayers([one, one])).toEqual(one);
      }),
    );
  });

  test('layers of one shape may be merged in any grouping', () => {
    fc.assert(
      fc.property(layer, layer, layer, (a, b, c) => {
        const all = mergeLayers([a, b, c]);
        expect(mergeLayers([mergeLayers([a, b]), c])).toEqual(all);
        expect(mergeLayers([a, mergeLayers([b, c])])).toEqual(all);
      }),
    );
  });

  test('whatever the strongest layer says at its leaves is so', () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (weak, strong) => {
        for (const [path, value] of leavesOf(strong)) expect(valueAt(mergeLayers([weak, strong]), path)).toEqual(value);
      }),
    );
  });

  test('what is given is not changed', () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (a, b) => {
        const before = structuredClone([a, b]);
        mergeLayers([a, b]);
        expect([a, b]).toEqual(before);
      }),
    );
  });
});

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function leavesOf(map: Record<string, unknown>, path: string[] = []): [string[], unknown][] {
  return Object.entries(map).flatMap(([key, value]): [string[], unknown][] =>
    isMap(value) ? leavesOf(value, [...path, key]) : [[[...path, key], value]],
  );
}

function valueAt(map: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (isMap(here) && Object.hasOwn(here, key) ? here[key] : undefined), map);
}
