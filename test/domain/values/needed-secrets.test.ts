import { expect, test } from 'vitest';
import type { TenantFacts } from '../../../domain/values/facts.ts';
import { neededSecrets } from '../../../domain/values/needed-secrets.ts';
import type { ParsedTemplate } from '../../../domain/values/ports.ts';

const pointer = (parameter: string) => ({ parameter, version: 1, digest: 'd' });
const facts: TenantFacts = {
  v: 1,
  environments: ['dev', 'management'].map((name) => ({
    name,
    labels: {},
    values: {},
    secrets: { token: pointer(`${name}-token`), password: pointer(`${name}-password`) },
  })),
};
const reading = (...reads: string[][]): ParsedTemplate => ({ key: 'k', ok: true, reads, functions: [] });
const needed = (...parsed: ParsedTemplate[]) =>
  neededSecrets(facts, parsed).map(({ environment, key }) => `${environment}/${key}`);

test.each([
  ['nothing is read', [reading(['Tenant', 'Name'])], []],
  ['a key of the environment', [reading(['Env', 'token'])], ['dev/token', 'management/token']],
  ['a key below a list', [reading(['Envs', 'token'])], ['dev/token', 'management/token']],
  ['a configured value of the same name', [reading(['Configs', 'token'])], []],
])('%s: only the secrets that templates read are needed', (_, parsed, expected) => {
  expect(needed(...parsed)).toEqual(expected);
});

test.each<[string, ParsedTemplate]>([
  ['reads what only running it tells', reading(['Env'])],
  ['cannot be parsed', { key: 'k', ok: false, code: 'syntax', because: 'x' }],
  ['hands everything on', reading([])],
])('a template that %s may need all', (_, parsed) => {
  expect(needed(parsed)).toHaveLength(4);
});
