import { describe, expect, test } from 'vitest';
import { environmentSecretName, environmentSecretNamed } from '../../../../domain/values/secrets/environment-secret.ts';
import { covers, mayDecrypt, mayRefer } from '../../../../domain/values/secrets/may-refer.ts';
import { readReference } from '../../../../domain/values/secrets/reference.ts';

const SHARED = 'arn:aws:secretsmanager:eu-north-1:123456789012:secret:shared/db';
const scope = { package: 'web', allowed: ['ssm:/shared/smtp', 'ssm:/teams/web/*', `secretsmanager:${SHARED}`] };
const referring = (text: string, prefix = '/helm/') => {
  const read = readReference(text);
  if (read.is !== 'reference') throw new Error(`${text} is no reference`);
  return mayRefer(prefix, scope, read.reference);
};

describe('a package may refer to', () => {
  test.each([
    'ssm:/helm/web-service-helm-secrets',
    'ssm:/helm/web-service-helm-secrets:3',
    'ssm:/helm/web-service-helm-values.environment.prod',
    'ssm:/helm/web-service-helm-secrets.label.ring.prod',
    'ssm:/shared/smtp',
    'ssm:/shared/smtp:12',
    'ssm:/teams/web/anything/at-all',
    `secretsmanager:${SHARED}`,
    `secretsmanager:${SHARED}#password`,
    `secretsmanager:${SHARED}-AbCd12#password`,
  ])('%s', (text) => {
    expect(referring(text)).toEqual({ may: true });
  });
});

describe('a package may not refer to', () => {
  test.each([
    [
      "another package's secrets",
      'ssm:/helm/api-service-helm-secrets',
      /belongs to package api, and web may not read it/,
    ],
    ["another package's values", 'ssm:/helm/api-service-helm-values', /belongs to package api/],
    [
      'a package that is called as a layer of its own begins',
      'ssm:/helm/web-service-helm-secrets-x-service-helm-secrets',
      /belongs to package web-service-helm-secrets-x/,
    ],
    ['its own name under another prefix', 'ssm:/other/web-service-helm-secrets', /belongs to package web/],
    ['a secret of an environment', 'ssm:/helm/prod-environment-secret.db.password', /is not what package web may read/],
    ['what merely begins alike', 'ssm:/shared/smtp-of-others', /add 'ssm:\/shared\/smtp-of-others' to its references/],
    ['a folder that merely begins alike', 'ssm:/teams/webshop/x', /is not what package web may read/],
    ['another secret', `secretsmanager:${SHARED}-replica`, /is not what package web may read/],
    ['a secret of another account', `secretsmanager:${SHARED.replace('123456789012', '999999999999')}`, /may read/],
  ])('%s', (_, text, because) => {
    expect(referring(text)).toEqual({ may: false, because: expect.stringMatching(because) });
  });

  test.each(['ssm:/helm/api-service-helm-secrets', 'ssm:/x/y'])('%s, and no pattern of another allows it', (text) => {
    const read = readReference(text);
    if (read.is !== 'reference') throw new Error('no reference');
    expect(mayRefer('/helm/', { package: 'web', allowed: [] }, read.reference)).toMatchObject({ may: false });
  });
});

describe('what is decrypted', () => {
  test.each([
    '/helm/web-service-helm-secrets',
    '/helm/web-service-helm-secrets.environment.prod',
    '/helm/prod-environment-secret.key',
  ])('%s may be', (name) => {
    expect(mayDecrypt('/helm/', scope, name)).toEqual({ may: true });
  });
  test.each([
    ['/helm/api-service-helm-secrets', /belongs to package api, and web may not/],
    ['/helm/web-service-helm-values', /belongs to package web/],
    ['/shared/smtp', /is no layer of secrets/],
    ['/other/prod-environment-secret.key', /is no layer of secrets/],
  ])('%s may not be', (name, because) => {
    expect(mayDecrypt('/helm/', scope, name)).toEqual({ may: false, because: expect.stringMatching(because) });
  });
});

test.each(['ssm:/helm/api-service-helm-secrets', 'ssm:/helm/prod-environment-secret.db.password'])(
  '%s is not to be had, however wide a pattern is',
  (text) => {
    const read = readReference(text);
    if (read.is !== 'reference') throw new Error('no reference');
    const wide = { package: 'web', allowed: ['ssm:/helm/*', 'ssm:/*'] };
    expect(mayRefer('/helm/', wide, read.reference)).toMatchObject({ may: false });
  },
);

test('the six letters that Secrets Manager adds may be left out on either side, but do not stand for each other', () => {
  expect(covers(`secretsmanager:${SHARED}-AbCd12`, `secretsmanager:${SHARED}`)).toBe(true);
  expect(covers(`secretsmanager:${SHARED}-AbCd12`, `secretsmanager:${SHARED}-ZyXw98`)).toBe(false);
});

test.each([
  ['', 'prod', 'password'],
  ['/helm/', 'prod-eu', 'db.password'],
])('a secret of an environment is told from its name: prefix "%s"', (prefix, environment, key) => {
  expect(environmentSecretNamed(prefix, environmentSecretName(prefix, environment, key))).toEqual({ environment, key });
  expect(environmentSecretNamed(prefix, `${prefix}web-service-helm-secrets.label.a.b`)).toBeUndefined();
});
