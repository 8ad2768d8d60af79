import { expect, test } from 'vitest';
import type { LayerOf } from '../../../../domain/values/layers/layer-names.ts';
import { whyUnread } from '../../../../domain/values/layers/who-reads.ts';

const readers = {
  packages: ['webui'],
  environments: [{ name: 'dev', labels: { ring: 'dev', zone: 'a' } }],
  labelOrder: ['ring'],
};

test.each<[string, string, LayerOf, string | undefined]>([
  ["a package's own layer is read", 'webui', { of: 'package' }, undefined],
  ['a layer of an environment that is there', 'webui', { of: 'environment', name: 'dev' }, undefined],
  ['a layer of a label that some environment has', 'webui', { of: 'label', key: 'ring', value: 'dev' }, undefined],
  ['another package', 'weboi', { of: 'package' }, 'no package weboi is registered'],
  ['another environment', 'webui', { of: 'environment', name: 'dve' }, 'no environment dve is registered'],
  ['another value of a label', 'webui', { of: 'label', key: 'ring', value: 'x' }, 'no environment has ring=x'],
  [
    'a label without layers',
    'webui',
    { of: 'label', key: 'zone', value: 'a' },
    'label zone has no layers: values.labelOrder of fairlead.yaml does not list it',
  ],
])('%s', (_, pkg, layer, expected) => {
  expect(whyUnread(pkg, layer, readers)).toBe(expected);
});
