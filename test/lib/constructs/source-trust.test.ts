import { describe, expect, test } from 'vitest';
import { Source } from '../../../contracts/config.ts';
import {
  refuseWideTrust,
  sourceTrust,
  sourceTrustForLocalAws,
  subjectsOf,
  TrustTooWide,
} from '../../../lib/constructs/source-trust.ts';

const SUB = 'token.actions.githubusercontent.com:sub';
const AUD = 'token.actions.githubusercontent.com:aud';
const audience = { [AUD]: 'sts.amazonaws.com' };
const source = (changes: object = {}) =>
  Source.parse({ name: 'webui', repository: 'acme/webui', refs: ['refs/heads/main'], packages: ['webui'], ...changes });

describe('the subs of a source', () => {
  test.each([
    ['a branch', { refs: ['refs/heads/main'] }, ['repo:acme/webui:ref:refs/heads/main']],
    ['a tag', { refs: ['refs/tags/v1'] }, ['repo:acme/webui:ref:refs/tags/v1']],
    ['an environment', { refs: [], environments: ['prod'] }, ['repo:acme/webui:environment:prod']],
    ['an environment with a colon', { refs: [], environments: ['a:b'] }, ['repo:acme/webui:environment:a%3Ab']],
    [
      'known ids, in both forms',
      { ownerId: '1', repositoryId: '2' },
      ['repo:acme/webui:ref:refs/heads/main', 'repo:acme@1/webui@2:ref:refs/heads/main'],
    ],
    ['only one id known', { repositoryId: '2' }, ['repo:acme/webui:ref:refs/heads/main']],
  ])('with %s', (_, changes, expected) => {
    expect(subjectsOf(source(changes))).toEqual(expected);
  });
});

describe('the trust made from a source', () => {
  test('asks for the repository’s id and the workflow where they are configured', () => {
    const jobWorkflowRef = 'acme/webui/.github/workflows/release.yml@refs/heads/main';
    expect(sourceTrust(source({ repositoryId: '2', jobWorkflowRef }))).toMatchObject({
      StringEquals: {
        'token.actions.githubusercontent.com:repository_id': '2',
        'token.actions.githubusercontent.com:job_workflow_ref': jobWorkflowRef,
      },
    });
  });

  test('bounds sessions that shall be shorter than a role can say', () => {
    expect(sourceTrust(source({ sessionMinutes: 15 }))).toMatchObject({
      NumericLessThanEquals: { 'sts:DurationSeconds': 900 },
    });
    expect(sourceTrust(source())).not.toHaveProperty('NumericLessThanEquals');
  });

  test('for the local AWS has the two claims that it reads', () => {
    const whole = source({ ownerId: '1', repositoryId: '2', sessionMinutes: 15 });
    const { StringEquals, ...others } = sourceTrustForLocalAws(whole);
    expect(StringEquals).toEqual({ ...audience, [SUB]: subjectsOf(whole) });
    expect(others).toEqual({});
  });

  test('is never refused', () => {
    const sources = [source(), source({ ownerId: '1', repositoryId: '2', environments: ['a:b'], sessionMinutes: 15 })];
    for (const one of sources) expect(() => refuseWideTrust(sourceTrust(one))).not.toThrow();
  });
});

describe('a trust policy is refused', () => {
  const exact = 'repo:acme/webui:ref:refs/heads/main';
  test.each([
    ['a bare wildcard', { StringEquals: audience, StringLike: { [SUB]: '*' } }, /does not name one repository/],
    ['every repository', { StringEquals: audience, StringLike: { [SUB]: 'repo:*' } }, /does not name one repository/],
    [
      'every repository of an owner',
      { StringEquals: audience, StringLike: { [SUB]: 'repo:acme/*' } },
      /one repository/,
    ],
    [
      'a pattern within names',
      { StringEquals: audience, StringLike: { [SUB]: 'repo:acme*/webui:ref:refs/heads/main' } },
      /one repository/,
    ],
    [
      'every job of a repository',
      { StringEquals: audience, StringLike: { [SUB]: 'repo:acme/webui:*' } },
      /no ref or environment/,
    ],
    [
      'pull requests',
      { StringEquals: { ...audience, [SUB]: 'repo:acme/webui:pull_request' } },
      /no ref or environment/,
    ],
    ['every ref', { StringEquals: audience, StringLike: { [SUB]: 'repo:acme/webui:ref:*' } }, /no ref or environment/],
    [
      'every branch',
      { StringEquals: audience, StringLike: { [SUB]: 'repo:acme/webui:ref:refs/heads/*' } },
      /no ref or environment/,
    ],
    ['one narrow and one wide', { StringEquals: audience, StringLike: { [SUB]: [exact, '*'] } }, /one repository/],
    [
      'StringEquals with *',
      { StringEquals: { ...audience, [SUB]: 'repo:acme/webui:ref:refs/heads/*' } },
      /by the letter/,
    ],
    ['ForAllValues', { StringEquals: audience, 'ForAllValues:StringEquals': { [SUB]: exact } }, /without the claim/],
    ['IfExists', { StringEquals: audience, StringEqualsIfExists: { [SUB]: exact } }, /without the claim/],
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
  ])('for %s', (_, conditions, because) => {
    expect(() => refuseWideTrust(conditions)).toThrow(TrustTooWide);
    expect(() => refuseWideTrust(conditions)).toThrow(because);
  });

  test.each([
    ['exact', { StringEquals: { ...audience, [SUB]: exact } }],
    ['a narrow pattern', { StringEquals: audience, StringLike: { [SUB]: 'repo:acme/webui:ref:refs/heads/release-*' } }],
    ['the immutable form', { StringEquals: { ...audience, [SUB]: 'repo:acme@1/webui@2:environment:prod' } }],
  ])('but not when it is %s', (_, conditions) => {
    expect(() => refuseWideTrust(conditions)).not.toThrow();
  });
});
