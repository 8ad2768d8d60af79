import { describe, expect, it } from 'vitest';
import { mayAssign } from '../../../domain/fasit/may-assign.ts';
import { claimsOf } from '../../support/claims.ts';

const owners = [
  { name: 'acme', id: '12' },
  { name: 'acme-labs', id: '13' },
];
const allowed = { allowed: true };

describe('the routes for fasit-deploy are', () => {
  it.each([
    ['for every repository of an owner', { owners }, {}],
    ['for those of each owner', { owners }, { ownerId: '13', owner: 'acme-labs', repository: 'acme-labs/x' }],
    ['for an owner under a new name, by number', { owners }, { owner: 'acme-new', repository: 'acme-new/webui' }],
    ['for a repository that is named', { owners, repositories: ['acme/webui'] }, {}],
    ['for one that is named in another case', { owners, repositories: ['Acme/WebUI'] }, {}],
    ['for those that begin so', { owners, repositories: ['acme/other', 'acme/web*'] }, {}],
    ['for all of one owner', { owners, repositories: ['acme/*'] }, {}],
  ])('%s', (_whom, settings, claims) => {
    expect(mayAssign(settings, claimsOf(claims))).toEqual(allowed);
  });

  it.each([
    [
      'for another owner',
      { owners },
      { ownerId: '99', owner: 'evil' },
      'invalid repository owner: evil (99) is none of acme (12), acme-labs (13)',
    ],
    ['for a pull request', { owners }, { ref: 'refs/pull/7/merge' }, 'not for refs/pull/7/merge'],
    ['for an owner who took the name', { owners }, { ownerId: '99' }, 'invalid repository owner: acme (99)'],
    [
      'for a repository that nobody named',
      { owners, repositories: ['acme/api', 'acme/api-*'] },
      {},
      'acme/webui is not among',
    ],
    [
      'for one that only begins like a named one',
      { owners, repositories: ['acme/web'] },
      {},
      'acme/webui is not among',
    ],
    [
      'for one that a pattern means by the letter',
      { owners, repositories: ['acme/w.bui'] },
      {},
      'acme/webui is not among',
    ],
    [
      'for a named one of another owner',
      { owners, repositories: ['acme/webui'] },
      { ownerId: '99' },
      'invalid repository owner',
    ],
  ])('not %s', (_whom, settings, claims, because) => {
    expect(mayAssign(settings, claimsOf(claims))).toEqual({
      allowed: false,
      because: expect.stringContaining(because),
    });
  });
});
