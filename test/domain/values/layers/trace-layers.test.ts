import { expect, test } from 'vitest';
import type { JsonMap } from '../../../../domain/json.ts';
import { traceLayers } from '../../../../domain/values/layers/trace-layers.ts';

const source = (parameter: string, values: JsonMap) => ({
  values,
  originAt: (path: readonly string[]) =>
    ({
      of: 'layer',
      layer: { of: 'package' },
      parameter,
      version: path.length,
      secret: false,
    }) as const,
  secretAt: () => false,
});

test.each([
  ['as they are written', { a: { one: 1 } }, { a: { two: 2 } }],
  ['the other way round', { a: { two: 2 } }, { a: { one: 1 } }],
])('what a value takes the place of is told strongest first, whatever its keys are called: %s', (_, weak, strong) => {
  const [leaf] = traceLayers([source('weak', weak), source('strong', strong), source('own', { a: null })]);
  expect(leaf?.overrides.map(({ value, origin }) => [origin, value])).toEqual([
    [expect.objectContaining({ parameter: 'strong', version: 1 }), strong.a],
    [expect.objectContaining({ parameter: 'weak', version: 1 }), weak.a],
  ]);
});
