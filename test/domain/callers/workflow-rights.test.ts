import { describe, expect, it } from 'vitest';
import { mayUseSelfService, mayWorkOn } from '../../../domain/callers/workflow-rights.ts';
import { claimsOf } from '../../support/claims.ts';

const settings = { owner: 'acme', ownerId: '12', claims: [] };

describe('self-service', () => {
  it('is for repositories of the organisation, whatever it is called now', () => {
    expect(mayUseSelfService(settings, claimsOf({ owner: 'acme-renamed' }))).toEqual({ allowed: true });
  });

  it.each([
    ['nobody when it is not configured', undefined, {}, 'not configured'],
    ['nobody of another organisation', settings, { owner: 'evil', ownerId: '13' }, 'not of evil (13)'],
    [
      'nobody of an organisation that took the old name',
      settings,
      { owner: 'acme', ownerId: '99' },
      'not of acme (99)',
    ],
    // The shared role's session may be anybody's of the organisation: what keeps pull requests out of the role keeps out nothing here.
    ["a pull request's job", settings, { event: 'pull_request', ref: 'refs/pull/7/merge' }, 'refs/pull/7/merge'],
    ["a pull request's job in an environment", settings, { ref: 'refs/pull/7/head', environment: 'prod' }, 'tags'],
  ])('is for %s', (_whom, found, claims, because) => {
    expect(mayUseSelfService(found, claimsOf(claims))).toEqual({
      allowed: false,
      because: expect.stringContaining(because),
    });
  });
});

describe('a repository may work on a package', () => {
  const claimedBy = { repository: 'acme/webui', repositoryId: '34', ref: 'refs/heads/main', sha: 'a' };
  it.each([
    ["when an operator's entry lists it", { repositories: ['acme/other', 'acme/webui'] }, {}, true],
    ['when the entry lists it in another case', { repositories: ['ACME/WebUI'] }, {}, true],
    ["not when an operator's entry lists nobody", { repositories: [] }, {}, false],
    ['not when the entry lists others', { repositories: ['acme/webui2', 'evil/webui'] }, {}, false],
    ['when it has claimed it', { repositories: ['acme/webui'], claimedBy }, {}, true],
    ['when it has claimed it under an older name', { repositories: ['acme/old'], claimedBy }, {}, true],
    [
      'not when a repository of its name claimed it before',
      { repositories: ['acme/webui'], claimedBy },
      { repositoryId: '99' },
      false,
    ],
  ])('%s', (_when, entry, claims, allowed) => {
    const answer = mayWorkOn({ name: 'webui', ...entry }, claimsOf(claims));
    expect(answer.allowed).toBe(allowed);
    if (!answer.allowed) expect(answer.because).toContain('webui');
  });
});
