import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ClaimBody } from '../../contracts/api/claim.ts';
import { ClaimRules } from '../../contracts/self-service.ts';

const rule = (more: object = {}) => [
  { repositories: ['acme/*'], packages: ['{repository}'], namespaces: ['{repository}-*'], ...more },
];
const troubleOf = (rules: unknown) => z.prettifyError(ClaimRules.safeParse(rules).error ?? new z.ZodError([]));

describe('rules of self-service', () => {
  it.each([
    ['that say nothing give nothing', undefined, []],
    ['need no charts', rule(), [{ ...rule()[0], charts: [], teamRequired: false }]],
  ])('%s', (_what, given, expected) => {
    expect(ClaimRules.parse(given)).toEqual(expected);
  });

  it.each([
    ['every package', { packages: ['*'] }, "write more than '*'"],
    ['every namespace', { namespaces: ['**'] }, "write more than '*'"],
    ['every namespace, in other words', { namespaces: ['*-*'] }, "write more than '*'"],
    ['every owner', { repositories: ['*/*'] }, 'owner/name'],
    ['a star in the middle of a repository', { repositories: ['acme/a*b'] }, 'owner/name'],
    ['repositories without an owner', { repositories: ['webui'] }, 'owner/name'],
    ['a name in capitals', { packages: ['WebUI'] }, 'use a-z'],
    ['another placeholder', { packages: ['{owner}'] }, 'use a-z'],
    ['many stars', { packages: ['a*b*c*d'] }, 'at most twice'],
    ['charts of any host', { charts: ['oci://*/charts'] }, 'oci://host/path'],
    ['charts of another scheme', { charts: ['https://ghcr.io/acme'] }, 'oci://host/path'],
    ['nobody', { repositories: [] }, 'Too small'],
    ['something unknown', { profile: ['platform'] }, 'profile'],
  ])('for %s are refused', (_what, more, words) => {
    expect(troubleOf(rule(more))).toContain(words);
  });

  it('that do not fit a parameter are refused', () => {
    expect(troubleOf(Array.from({ length: 60 }, () => rule()[0]))).toContain('use patterns');
  });
});

describe('.fairlead.yaml', () => {
  it('needs a namespace and nothing else', () => {
    expect(ClaimBody.parse({ namespace: 'shop' })).toEqual({ namespace: 'shop', timeoutMinutes: 5 });
  });

  it.each(['repositories', 'forceConflicts', 'profile', 'claimedBy', 'name'])('cannot say %s', (field) => {
    expect(ClaimBody.safeParse({ namespace: 'shop', [field]: 'x' }).success).toBe(false);
  });
});
