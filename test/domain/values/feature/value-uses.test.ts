import { expect, test } from 'vitest';
import type { ChartReadsItem } from '../../../../domain/items/values.ts';
import { type Standing, usesOf } from '../../../../domain/values/feature/value-uses.ts';

const at = (environment: string, pkg = 'web', version = '1'): Standing => ({ environment, package: pkg, version });
const reading = (...paths: string[][]): ChartReadsItem => ({
  ...{ type: 'chartReads', v: 1, rev: 1, package: 'web', version: '1', chartDigest: 'd', expiresAt: 1 },
  reads: [{ key: 'host', paths }],
});
const asked = (kind: string | undefined, paths: string[][], standing: Standing[]) =>
  usesOf({ environment: { name: 'dev', ...(kind && { kind }) }, key: 'zone', standing, reads: [reading(...paths)] });

test.each<[string, string | undefined, string[][], string[], string[] | 'none', boolean]>([
  ['its own environment', 'tenant', [['Env', 'zone']], ['dev', 'prod'], ['dev'], true],
  ['another key', 'tenant', [['Env', 'region']], ['dev'], 'none', true],
  ['another environment only', 'tenant', [['Env', 'zone']], ['prod'], 'none', true],
  ['any key, as the template says when it runs', 'tenant', [['Env']], ['dev'], ['dev'], false],
  ['a template that cannot be parsed', 'tenant', [[]], ['dev'], ['dev'], false],
  ['all environments of the tenant', 'tenant', [['Envs']], ['prod', 'dev'], ['dev', 'prod'], false],
  ['a key of all environments', 'tenant', [['Envs', 'zone']], ['prod'], ['prod'], true],
  [
    'the management environment, from anywhere',
    'management',
    [['Management', 'zone']],
    ['prod', 'test'],
    ['prod', 'test'],
    true,
  ],
  ['the management environment, of one that is none', 'tenant', [['Management', 'zone']], ['prod'], 'none', true],
  ['what .Envs leaves out', 'management', [['Envs']], ['prod'], 'none', true],
  [
    'both ways',
    'management',
    [
      ['Env', 'zone'],
      ['Management', 'zone'],
    ],
    ['dev', 'prod'],
    ['dev', 'prod'],
    true,
  ],
])('%s', (_, kind, paths, places, environments, certain) => {
  const { uses } = asked(
    kind,
    paths,
    places.map((place) => at(place)),
  );
  const expected = { package: 'web', version: '1', computed: ['host'], environments, certain };
  expect(uses).toEqual(environments === 'none' ? [] : [expected]);
});

test('a version nobody has read yet is said to be unknown', () => {
  const standing = [at('dev'), at('dev', 'worker'), at('prod', 'web', '2')];
  expect(asked('tenant', [['Env', 'zone']], standing)).toMatchObject({
    uses: [{ package: 'web', version: '1' }],
    unknown: ['web', 'worker'],
  });
});
