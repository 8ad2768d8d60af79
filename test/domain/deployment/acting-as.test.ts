import { describe, expect, test } from 'vitest';
import { accountOf, actingAs, PLATFORM_ACCOUNT, userOf } from '../../../domain/deployment/acting-as.ts';

describe('helm acts as', () => {
  test.each([
    ['the deployer, for a package that names nobody', {}, undefined],
    ['the deployer, for a namespaced package', { profile: 'namespaced' as const }, undefined],
    [
      'the team, in the namespace where the package lands',
      { team: 'web-team' },
      'system:serviceaccount:web-dev:web-team',
    ],
    [
      'the team, when the profile is said as well',
      { team: 'web-team', profile: 'namespaced' as const },
      'system:serviceaccount:web-dev:web-team',
    ],
    [
      'the platform account, wherever a platform package lands',
      { profile: 'platform' as const },
      'system:serviceaccount:fairlead-system:fairlead-platform',
    ],
  ])('%s', (_, pkg, user) => {
    expect(actingAs(pkg, 'web-dev')).toBe(user);
  });
});

describe("a service account's user name", () => {
  test('tells the account again', () => {
    expect(accountOf(userOf(PLATFORM_ACCOUNT))).toEqual(PLATFORM_ACCOUNT);
  });

  test.each([
    '',
    'fairlead:a-rollout',
    'system:serviceaccount:web',
    'system:serviceaccount:web:',
    'system:serviceaccount:a:b:c',
  ])("'%s' is none", (user) => expect(accountOf(user)).toBeUndefined());
});
