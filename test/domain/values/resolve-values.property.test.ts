import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, type JsonMap } from '../../../domain/json.ts';
import { type LayerContent, pathId } from '../../../domain/values/effective.ts';
import { nested } from '../../../domain/values/layers/at-path.ts';
import { mergeLayers } from '../../../domain/values/layers/merge-layers.ts';
import { resolveValues } from '../../../domain/values/resolve-values.ts';
import { chartWith, fine, input, noEngine, PACKAGE } from './resolving.ts';

const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('x', 'y', ''));
const key = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor');
const { map } = fc.letrec<{ value: unknown; map: JsonMap }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { maxLength: 2 }), tie('map')),
  map: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));

const layerOf = (values: JsonMap, secret = false): LayerContent => ({
  layer: PACKAGE,
  name: 'p-service-helm-values',
  version: 1,
  secret,
  values,
  positions: new Map(),
});

test('without a Feature.yaml values are what merging gives, and the leaves tell all of them', async () => {
  await fc.assert(
    fc.asyncProperty(map, fc.array(map, { maxLength: 3 }), map, async (values, layers, own) => {
      const resolved = fine(
        await resolveValues(
          input({ chart: { values }, layers: layers.map((one) => layerOf(one)), own, engine: noEngine }),
        ),
      );
      expect(resolved.values).toEqual(mergeLayers([...layers, own]));
      const again = mergeLayers(resolved.leaves.map(({ path, value }) => nested(path, value)));
      expect(again).toEqual(mergeLayers([values, ...layers, own]));
      expect(new Set(resolved.leaves.map(({ path }) => pathId(path))).size).toBe(resolved.leaves.length);
    }),
  );
});

test('the order of keys in a layer does not matter', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(map, { maxLength: 3 }), map, async (layers, own) => {
      const both = await Promise.all(
        [layers, layers.map(turned)].map(async (given) =>
          fine(await resolveValues(input({ layers: given.map((one) => layerOf(one)), own, engine: noEngine }))),
        ),
      );
      expect(both[0]?.values).toEqual(both[1]?.values);
      const told = both.map(({ leaves }) => new Map(leaves.map((leaf) => [pathId(leaf.path), leaf])));
      expect(told[0]).toEqual(told[1]);
    }),
  );
});

/** With its keys, at all levels, the other way round. */
function turned(values: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(values)
      .reverse()
      .map(([name, value]) => [name, isMap(value) ? turned(value) : value]),
  );
}

test('no secret stands in what is said of values that are refused', async () => {
  const chart = chartWith(`
  num: { config: { type: int, secret: true } }
  b: { config: { type: bool } }
  l: { config: { type: string_array } }
  r: { required: true, config: { type: string } }
  x: { computed: { template: "{{ .Configs.s }}: [{{ .Configs.s }}" } }
  s: { config: { type: string, secret: true } }`);
  const canary = fc.stringMatching(/^[a-zA-Z0-9 :{}[\]"'%&*!|>-]{6,30}$/).map((text) => `CANARY${text}`);
  await fc.assert(
    fc.asyncProperty(canary, fc.subarray(['num', 'b', 'l', 's'], { minLength: 1 }), async (text, keys) => {
      const layers = [layerOf(Object.fromEntries(keys.map((name) => [name, text])), true)];
      const resolved = await resolveValues(input({ chart, layers }));
      expect(resolved.ok).toBe(false);
      expect(JSON.stringify(resolved)).not.toContain('CANARY');
    }),
    { numRuns: 60 },
  );
});
