import { expect, test } from 'vitest';
import type { Leaf, Origin } from '../../../domain/values/effective.ts';
import { blameLayer, blameLayers } from '../../../domain/values/schema-fault.ts';

const PROD = 'webui-service-helm-values.environment.prod-eu';
const layer: Origin = {
  of: 'layer',
  layer: { of: 'environment', name: 'prod-eu' },
  parameter: PROD,
  version: 3,
  secret: false,
  at: { line: 12, column: 1 },
};
const chart: Origin = { of: 'chart' };
const leaf = (path: string[], origin: Origin): Leaf => ({ path, value: 'v', secret: false, origin, overrides: [] });
const leaves = [
  leaf(['replicas'], layer),
  leaf(['image', 'tag'], { of: 'rollout' }),
  leaf(['image', 'name'], chart),
  leaf(['hosts'], layer),
  leaf(['log', 'level'], layer),
];

test.each<[string, string[], string]>([
  ['the layer and line that set it', ['replicas'], `${PROD} version 3, line 12: replicas must be x`],
  ['the list it is in', ['hosts', '2'], `${PROD} version 3, line 12: hosts.2 must be x`],
  ['the one that set all of a map', ['log'], `${PROD} version 3, line 12: log must be x`],
  ['nobody, where several set a map', ['image'], 'image must be x'],
  ['the rollout itself', ['image', 'tag'], "the rollout's own values: image.tag must be x"],
  ["the chart's own values", ['image', 'name'], "the chart's own values: image.name must be x"],
  ['nobody, for the values as a whole', [], 'the values must be x'],
])('blamed is %s', (_, path, sentence) => {
  expect(blameLayer({ path, because: 'must be x' }, leaves)).toBe(sentence);
});

test('many faults are told in part', () => {
  const faults = Array.from({ length: 13 }, (_, n) => ({ path: [`k${n}`], because: 'must be x' }));
  const told = blameLayers(faults, []);
  expect(told).toMatch(/^the chart's values\.schema\.json does not allow these values: k0 must be x; k1/);
  expect(told).toMatch(/; k9 must be x; and 3 more$/);
});
