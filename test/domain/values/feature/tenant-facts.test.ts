import { expect, test } from 'vitest';
import type { EnvironmentValueItem } from '../../../../domain/items/values.ts';
import { tenantFacts, tenantOf } from '../../../../domain/values/feature/tenant-facts.ts';
import { anEnvironment } from '../../../support/items.ts';

const dev = anEnvironment({ name: 'dev', kind: 'tenant', tenant: 'acme', labels: { ring: 'dev' } });
const ops = anEnvironment({ name: 'ops', kind: 'management', tenant: 'acme', labels: {} });
const other = anEnvironment({ name: 'other', tenant: 'else' });
const alone = anEnvironment({ name: 'alone' });
const all = [other, ops, alone, dev];
const value = (environment: string, key: string, given: Partial<EnvironmentValueItem>): EnvironmentValueItem => ({
  type: 'environmentValue',
  v: 1,
  rev: 1,
  environment,
  key,
  updatedAt: '2026-11-21T10:00:00.000Z',
  updatedBy: 'ops',
  ...given,
});

test('environments of one tenant know of each other, and one without a tenant only of itself', () => {
  expect(tenantOf(dev, all).map(({ name }) => name)).toEqual(['dev', 'ops']);
  expect(tenantOf(alone, all).map(({ name }) => name)).toEqual(['alone']);
});

test('values stand by their keys, secrets as pointers with the digest of their ciphertext', () => {
  const secret = { parameter: '/f/dev-environment-secret.token', version: 2 };
  const values = [
    value('dev', 'zone', { value: 'a' }),
    value('dev', 'token', { secret }),
    value('ops', 'on', { value: true }),
  ];
  expect(tenantFacts(tenantOf(dev, all), values, ({ version }) => `digest ${version}`)).toEqual({
    v: 1,
    tenant: 'acme',
    environments: [
      {
        name: 'dev',
        kind: 'tenant',
        tenant: 'acme',
        labels: { ring: 'dev' },
        values: { zone: 'a' },
        secrets: { token: { ...secret, digest: 'digest 2' } },
      },
      { name: 'ops', kind: 'management', tenant: 'acme', labels: {}, values: { on: true }, secrets: {} },
    ],
  });
});

test('a key may be called anything', () => {
  const facts = tenantFacts([dev], [value('dev', '__proto__', { value: 1 })], () => undefined);
  expect(Object.hasOwn(facts.environments[0]?.values ?? {}, '__proto__')).toBe(true);
});
