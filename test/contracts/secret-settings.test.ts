import { describe, expect, test } from 'vitest';
import { ClaimBody } from '../../contracts/api/claim.ts';
import { PackageBody } from '../../contracts/api/package.ts';
import { SecretSettings } from '../../contracts/secret-settings.ts';

const DB = 'secretsmanager:arn:aws:secretsmanager:eu-north-1:123456789012:secret:shared/db';
const KEY = 'arn:aws:kms:eu-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('what packages may share', () => {
  test('is nothing unless it is named', () => {
    expect(SecretSettings.parse({})).toEqual({ kmsKeys: [], references: [] });
  });

  test.each(['ssm:/shared/smtp', 'ssm:/shared/*', 'ssm:shared-smtp', DB, `${DB}-AbCd12`, `${DB}*`])('%s', (pattern) => {
    expect(SecretSettings.parse({ references: [pattern] }).references).toEqual([pattern]);
    expect(PackageBody.parse({ namespace: 'web', references: [pattern] }).references).toEqual([pattern]);
  });

  test.each([
    ['everything', '*'],
    ['every parameter', 'ssm:*'],
    ['every secret', 'secretsmanager:*'],
    ['a pattern in the middle', 'ssm:/shared/*/smtp'],
    ['a version', 'ssm:/shared/smtp:3'],
    ['a key', `${DB}#password`],
    ['a name without its service', '/shared/smtp'],
    ['secrets of a package', 'ssm:/helm/api-service-helm-secrets'],
    ['values of a package', 'ssm:/helm/api-service-helm-values*'],
    ['secrets of an environment', 'ssm:/helm/prod-environment-secret.key'],
    ['a secret by its name', 'secretsmanager:shared/db'],
  ])('is never %s', (_, pattern) => {
    expect(SecretSettings.safeParse({ references: [pattern] }).success).toBe(false);
    expect(PackageBody.safeParse({ namespace: 'web', references: [pattern] }).success).toBe(false);
  });
});

describe('keys', () => {
  test('are named by ARN, for policies know no aliases', () => {
    expect(SecretSettings.parse({ kmsKeys: [KEY] }).kmsKeys).toEqual([KEY]);
    for (const key of ['alias/mine', KEY.replace(/key\/.*/, 'alias/mine'), KEY.replace(/key\/.*/, 'key/*'), '*']) {
      expect(SecretSettings.safeParse({ kmsKeys: [key] }).success, key).toBe(false);
    }
  });
});

test('a repository that keeps its own entry cannot say what it may refer to', () => {
  const claim = { namespace: 'web' };
  expect(ClaimBody.safeParse(claim).success).toBe(true);
  expect(ClaimBody.safeParse({ ...claim, references: ['ssm:/shared/smtp'] }).success).toBe(false);
});
