import { describe, expect, test } from 'vitest';
import { type Conditions, claimKey, refuseWideTrust, TrustTooWide } from '../../../lib/constructs/github-trust.ts';
import { workflowsTrust } from '../../../lib/constructs/workflows-trust.ts';

const SUB = claimKey('sub');
const AUD = claimKey('aud');
const OWNER = claimKey('repository_owner_id');
const audience = { [AUD]: 'sts.amazonaws.com' };
const exact = 'repo:acme/webui:ref:refs/heads/main';
const like = (...subjects: readonly string[]): Conditions => ({
  StringEquals: audience,
  StringLike: { [SUB]: subjects },
});

describe('a trust policy is refused', () => {
  test.each<[string, Conditions, RegExp]>([
    ['a bare wildcard', like('*'), /does not name one repository/],
    ['every repository', like('repo:*'), /does not name one repository/],
    ['every repository of an owner', like('repo:acme/*'), /one repository/],
    ['every branch of an owner whose id is not pinned', like('repo:acme/*:ref:refs/heads/*'), /one repository/],
    [
      'an owner whose id is a pattern',
      { StringEquals: audience, StringLike: { [SUB]: 'repo:acme/*:ref:refs/heads/*', [OWNER]: '*' } },
      /one repository/,
    ],
    [
      'pull requests of a pinned owner',
      { StringEquals: { ...audience, [OWNER]: '1' }, StringLike: { [SUB]: 'repo:acme/*' } },
      /one repository/,
    ],
    ['a pattern within names', like('repo:acme*/webui:ref:refs/heads/main'), /one repository/],
    ['every job of a repository', like('repo:acme/webui:*'), /no ref or environment/],
    [
      'pull requests',
      { StringEquals: { ...audience, [SUB]: 'repo:acme/webui:pull_request' } },
      /no ref or environment/,
    ],
    ['every ref', like('repo:acme/webui:ref:*'), /no ref or environment/],
    ['every branch', like('repo:acme/webui:ref:refs/heads/*'), /no ref or environment/],
    ['a pattern of environments', like('repo:acme/webui:environment:prod*'), /no ref or environment/],
    ['one narrow and one wide', like(exact, '*'), /one repository/],
    [
      'StringEquals with *',
      { StringEquals: { ...audience, [SUB]: 'repo:acme/webui:ref:refs/heads/*' } },
      /by the letter/,
    ],
    ['a variable', like('repo:acme/webui:ref:refs/heads/${aws:userid}'), /begins a variable of IAM's/],
    ['ForAllValues', { StringEquals: audience, 'ForAllValues:StringEquals': { [SUB]: exact } }, /without the claim/],
    ['IfExists', { StringEquals: audience, StringEqualsIfExists: { [SUB]: exact } }, /without the claim/],
    ['all but one', { StringEquals: audience, StringNotEquals: { [SUB]: exact } }, /StringNotEquals/],
    ['all but some', { StringEquals: audience, StringNotLike: { [SUB]: exact } }, /StringNotLike/],
    ['a claim that is missing', { StringEquals: audience, Null: { [SUB]: 'true' } }, /Null/],
    ['no sub', { StringEquals: audience }, /every repository of GitHub/],
    ['no audience', { StringEquals: { [SUB]: exact } }, /audience has to be exactly/],
    [
      'another audience',
      { StringEquals: { [AUD]: 'https://github.com/acme', [SUB]: exact } },
      /audience has to be exactly/,
    ],
    [
      'an audience by pattern',
      { StringLike: { [AUD]: '*' }, StringEquals: { [SUB]: exact } },
      /audience has to be exactly/,
    ],
  ])('for %s, alone or beside a narrow one', (_, conditions, because) => {
    expect(() => refuseWideTrust([{ conditions }])).toThrow(TrustTooWide);
    expect(() => refuseWideTrust([{ conditions }])).toThrow(because);
    const narrow = { conditions: { StringEquals: { ...audience, [SUB]: exact } } };
    expect(() => refuseWideTrust([narrow, { conditions }])).toThrow(because);
  });

  test('when it has no statement', () => {
    expect(() => refuseWideTrust([])).toThrow(/nobody may assume the role/);
  });

  test.each<[string, Conditions]>([
    ['exact', { StringEquals: { ...audience, [SUB]: exact } }],
    ['a narrow pattern', like('repo:acme/webui:ref:refs/heads/release-*')],
    ['the immutable form', { StringEquals: { ...audience, [SUB]: 'repo:acme@1/webui@2:environment:prod' } }],
  ])('but not when it is %s', (_, conditions) => {
    expect(() => refuseWideTrust([{ conditions }])).not.toThrow();
  });

  test('but not when it is the organisation’s, pinned by its id', () => {
    const [statement, ...others] = workflowsTrust({ owner: 'acme', ownerId: '1' });
    expect(others).toEqual([]);
    expect(() => refuseWideTrust([statement ?? { conditions: {} }])).not.toThrow();
  });
});
