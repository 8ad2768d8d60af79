import { expect, test } from 'vitest';
import { layerName, layerNames } from '../../../../domain/values/layers/layer-names.ts';

const rules = { prefix: '/fairlead/', labelOrder: ['tier', 'region'] };

test('layers stand in order: the package, its labels as the installation lists them, the environment', () => {
  const labels = { region: 'eu', tier: 'prod' };
  expect(layerNames(rules, 'webui', { name: 'prod-eu', labels })).toEqual([
    '/fairlead/webui-service-helm-values',
    '/fairlead/webui-service-helm-values.label.tier.prod',
    '/fairlead/webui-service-helm-values.label.region.eu',
    '/fairlead/webui-service-helm-values.environment.prod-eu',
  ]);
});

test.each<[string, Record<string, string>]>([
  ['an environment without labels has no label layers', {}],
  ['a label that is not listed has no layer', { ring: 'canary' }],
])('%s', (_, labels) => {
  expect(layerNames(rules, 'webui', { name: 'dev', labels })).toEqual([
    '/fairlead/webui-service-helm-values',
    '/fairlead/webui-service-helm-values.environment.dev',
  ]);
});

test('without a prefix a name begins with the package', () => {
  expect(layerName('', 'webui', { of: 'package' })).toBe('webui-service-helm-values');
});

test('no layer of secrets is ever named', () => {
  const names = layerNames(rules, 'webui', { name: 'dev', labels: { tier: 'x', region: 'y' } });
  expect(names.filter((name) => name.includes('secret'))).toEqual([]);
});
