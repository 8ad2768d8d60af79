import { expect, test } from 'vitest';
import type { TenantFacts } from '../../../../domain/values/feature/facts.ts';
import { neededSecrets } from '../../../../domain/values/feature/needed-secrets.ts';
import type { ParsedTemplate } from '../../../../domain/values/ports.ts';

const pointer = (parameter: string) => ({ parameter, version: 1, digest: 'd' });
const facts: TenantFacts = {
  v: 1,
  environments: ['dev', 'prod', 'management'].map((name) => ({
    name,
    kind: name,
    labels: {},
    values: {},
    secrets: { token: pointer(`${name}-token`), password: pointer(`${name}-password`) },
  })),
};
const reading = (...reads: string[][]): ParsedTemplate => ({ key: 'k', ok: true, reads, functions: [] });
const needed = (parsed: readonly ParsedTemplate[], environment = 'dev') =>
  neededSecrets(facts, parsed, environment).map(({ environment, key }) => `${environment}/${key}`);

test.each([
  ['nothing is read', [reading(['Tenant', 'Name'])], []],
  ['a key of the environment: of no other one', [reading(['Env', 'token'])], ['dev/token']],
  ['a key of the management environment', [reading(['Management', 'token'])], ['management/token']],
  ['a key below a list: of all but management', [reading(['Envs', 'token'])], ['dev/token', 'prod/token']],
  [
    'different keys in different places',
    [reading(['Env', 'token'], ['Management', 'password'])],
    ['dev/token', 'management/password'],
  ],
  ['whatever the environment has', [reading(['Env'])], ['dev/token', 'dev/password']],
  ['a configured value of the same name', [reading(['Configs', 'token'])], []],
])('%s: only the secrets that templates read are needed', (_, parsed, expected) => {
  expect(needed(parsed)).toEqual(expected);
});

test.each<[string, ParsedTemplate]>([
  ['cannot be parsed', { key: 'k', ok: false, code: 'syntax', because: 'x' }],
  ['hands everything on', reading([])],
])('a template that %s may need all', (_, parsed) => {
  expect(needed([parsed])).toHaveLength(6);
});

test('in the management environment its own values are those of management, too', () => {
  expect(needed([reading(['Env', 'token'])], 'management')).toEqual(['management/token']);
  expect(needed([reading(['Management', 'password'])], 'management')).toEqual(['management/password']);
});
