import { expect, test } from 'vitest';
import { pathId } from '../../../../domain/values/effective.ts';
import { compareKey } from '../../../../domain/values/layers/compare-key.ts';
import type { LayerPlace } from '../../../../domain/values/layers/layer-names.ts';

const place = (name: string, secret = false): LayerPlace => ({ name, secret, layer: { of: 'package' } });
const layer = (values: Record<string, unknown>, line = 1) => ({
  version: 3,
  values,
  positions: new Map([[pathId(['a', 'b']), { line, column: 3 }]]),
});
const PLACES = [place('all'), place('sealed', true), place('ring'), place('env')];
const from = (layers: Record<string, Record<string, unknown>>, path = ['a', 'b']) =>
  compareKey(path, PLACES, new Map(Object.entries(layers).map(([name, values]) => [name, layer(values)])));

test.each([
  ['nothing says it', { all: { x: 1 } }, {}],
  ['one layer says it', { all: { a: { b: 1 } } }, { value: 1, from: { parameter: 'all' } }],
  [
    'the strongest layer wins',
    { all: { a: { b: 1 } }, env: { a: { b: 2 } } },
    { value: 2, from: { parameter: 'env' } },
  ],
  [
    'a layer that says another key says nothing',
    { ring: { a: { b: 1 } }, env: { a: { c: 2 } } },
    { value: 1, from: { parameter: 'ring' } },
  ],
  [
    'a null takes it away',
    { all: { a: { b: 1 } }, env: { a: { b: null } } },
    { value: null, from: { parameter: 'env' } },
  ],
  ['what it was in is replaced', { all: { a: { b: 1 } }, env: { a: 5 } }, {}],
  ['a layer of secrets is not looked into', { sealed: { a: { b: 1 } } }, {}],
])('%s', (_what, layers, found) => {
  const got = from(layers as Record<string, Record<string, unknown>>);
  if (Object.keys(found).length === 0) expect(got).toEqual({});
  else expect(got).toMatchObject(found);
});

test('the place of the key is told', () => {
  expect(from({ all: { a: { b: 1 } } }).from).toEqual({ parameter: 'all', version: 3, at: { line: 1, column: 3 } });
});

test.each(['toString', '__proto__', 'constructor'])('%s is set by nobody', (key) => {
  expect(from({ all: { a: 1 } }, [key])).toEqual({});
});
