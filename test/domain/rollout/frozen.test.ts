import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { type FrozenParts, frozenText } from '../../../domain/rollout/frozen.ts';

const parts: FrozenParts = {
  chartDigest: 'sha256:a',
  layers: [{ digest: 'one' }, { digest: 'two' }],
  values: { image: { tag: '1' }, replicas: 2 },
};
const text = (given: Partial<FrozenParts> = {}) => frozenText({ ...parts, ...given }, canonicalJson);

test('the order of keys in the values makes no difference', () => {
  expect(text({ values: { replicas: 2, image: { tag: '1' } } })).toBe(text());
});

test.each<[string, Partial<FrozenParts>]>([
  ['the chart', { chartDigest: 'sha256:b' }],
  ['a layer', { layers: [{ digest: 'one' }, { digest: 'three' }] }],
  ['the order of layers', { layers: [{ digest: 'two' }, { digest: 'one' }] }],
  ['the number of layers', { layers: [{ digest: 'one' }] }],
  ['a value', { values: { ...parts.values, replicas: 3 } }],
])('%s makes a difference', (_, given) => {
  expect(text(given)).not.toBe(text());
});

test('a layer put again with the same bytes makes no difference', () => {
  const layers = (version: number) => [{ name: 'a', version, digest: 'one', copy: 'c' }];
  expect(text({ layers: layers(2) })).toBe(text({ layers: layers(1) }));
});

test('different layers never run together into the same text', () => {
  const layers = fc.array(fc.string().map((digest) => ({ digest })));
  fc.assert(
    fc.property(
      layers,
      layers,
      (a, b) => (JSON.stringify(a) === JSON.stringify(b)) === (text({ layers: a }) === text({ layers: b })),
    ),
  );
});
