import { describe, expect, test } from 'vitest';
import { Source } from '../../../contracts/source.ts';
import { claimKey, refuseWideTrust, trustForLocalAws } from '../../../lib/constructs/github-trust.ts';
import { sourceTrust } from '../../../lib/constructs/source-trust.ts';
import { sourceWarnings } from '../../../lib/constructs/source-warnings.ts';

const source = (changes: object = {}) =>
  Source.parse({ name: 'webui', repository: 'acme/webui', refs: ['refs/heads/main'], packages: ['webui'], ...changes });
const IDS = { ownerId: '1', repositoryId: '2' };
const WORKFLOW = 'acme/ci/.github/workflows/release.yml';

/** Each statement as `sid: operator claim = values` lines, without the audience. */
const lines = (changes: object) =>
  sourceTrust(source(changes)).flatMap(({ sid, conditions }) =>
    Object.entries(conditions).flatMap(([operator, keys]) =>
      Object.entries(keys)
        .filter(([key]) => key !== claimKey('aud'))
        .map(([key, values]) => `${sid}: ${operator} ${key.split(':')[1]} = ${[values].flat().join(', ')}`),
    ),
  );

describe('the trust made from a source asks', () => {
  test.each([
    ['for a branch', {}, ['Refs: StringEquals sub = repo:acme/webui:ref:refs/heads/main']],
    ['for a tag', { refs: ['refs/tags/v1'] }, ['Refs: StringEquals sub = repo:acme/webui:ref:refs/tags/v1']],
    [
      'for a narrow pattern, as a pattern',
      { refs: ['refs/heads/release/*', 'refs/tags/v*'] },
      ['RefPatterns: StringLike sub = repo:acme/webui:ref:refs/heads/release/*, repo:acme/webui:ref:refs/tags/v*'],
    ],
    [
      'for exact refs exactly, patterns beside them or not',
      { refs: ['refs/heads/main', 'refs/tags/v*'] },
      [
        'Refs: StringEquals sub = repo:acme/webui:ref:refs/heads/main',
        'RefPatterns: StringLike sub = repo:acme/webui:ref:refs/tags/v*',
      ],
    ],
    [
      'for an environment, and never in a pull request',
      { refs: [], environments: ['prod'] },
      [
        'Environments: StringEquals sub = repo:acme/webui:environment:prod',
        'Environments: StringEquals environment = prod',
        'Environments: StringLike ref = refs/heads/*, refs/tags/*',
      ],
    ],
    [
      'for an environment with a colon as each claim has it',
      { refs: [], environments: ['a:b'] },
      [
        'Environments: StringEquals sub = repo:acme/webui:environment:a%3Ab',
        'Environments: StringEquals environment = a:b',
        'Environments: StringLike ref = refs/heads/*, refs/tags/*',
      ],
    ],
    [
      'for known ids, in both forms of sub and by themselves',
      IDS,
      [
        'Refs: StringEquals sub = repo:acme/webui:ref:refs/heads/main, repo:acme@1/webui@2:ref:refs/heads/main',
        'Refs: StringEquals repository_id = 2',
        'Refs: StringEquals repository_owner_id = 1',
      ],
    ],
    [
      'for a reusable workflow exactly',
      { jobWorkflowRef: `${WORKFLOW}@refs/heads/main` },
      [
        'Refs: StringEquals sub = repo:acme/webui:ref:refs/heads/main',
        `Refs: StringEquals job_workflow_ref = ${WORKFLOW}@refs/heads/main`,
      ],
    ],
    [
      'for any version of a reusable workflow, as a pattern',
      { jobWorkflowRef: `${WORKFLOW}@refs/tags/v*` },
      [
        'Refs: StringEquals sub = repo:acme/webui:ref:refs/heads/main',
        `Refs: StringLike job_workflow_ref = ${WORKFLOW}@refs/tags/v*`,
      ],
    ],
  ])('%s', (_, changes, expected) => {
    expect(lines(changes)).toEqual(expected);
  });

  test('for the audience of STS in every statement', () => {
    const all = sourceTrust(source({ refs: ['refs/heads/main', 'refs/tags/v*'], environments: ['prod'] }));
    expect(all.map(({ sid }) => sid)).toEqual(['Refs', 'RefPatterns', 'Environments']);
    for (const { conditions } of all) {
      expect(conditions['StringEquals']).toHaveProperty([claimKey('aud')], 'sts.amazonaws.com');
    }
  });

  test('for nothing that is refused as too wide', () => {
    const everything = { ...IDS, refs: ['refs/heads/main', 'refs/tags/v*'], environments: ['a:b'] };
    const sources = [source(), source(everything), source({ jobWorkflowRef: `${WORKFLOW}@refs/tags/v*` })];
    for (const one of sources) expect(() => refuseWideTrust(sourceTrust(one))).not.toThrow();
  });

  test('on the local AWS for the two claims that it reads, under the same names', () => {
    const whole = source({
      ...IDS,
      refs: ['refs/tags/v*'],
      environments: ['prod'],
      jobWorkflowRef: `${WORKFLOW}@refs/tags/v*`,
    });
    const local = trustForLocalAws(sourceTrust(whole));
    expect(local.map(({ sid, conditions }) => [sid, Object.keys(conditions)])).toEqual([
      ['RefPatterns', ['StringEquals', 'StringLike']],
      ['Environments', ['StringEquals']],
    ]);
    const keys = local.flatMap(({ conditions }) => Object.values(conditions).flatMap(Object.keys));
    expect(new Set(keys)).toEqual(new Set([claimKey('aud'), claimKey('sub')]));
    expect(() => refuseWideTrust(local)).not.toThrow();
  });
});

describe('a warning is given', () => {
  test('of a source without ids, with how to find them', () => {
    expect(Object.values(sourceWarnings(source())).join()).toMatch(
      /deletes acme\/webui and makes .* anew gets in.*gh api repos\/acme\/webui --jq '\.owner\.id, \.id'/,
    );
  });

  test('of sessions that AWS cannot end so soon', () => {
    expect(sourceWarnings(source({ ...IDS, sessionMinutes: 15 }))).toEqual({
      'short-session': expect.stringMatching(/ask for 900 seconds \(role-duration-seconds\)/),
    });
  });

  test('of nothing else', () => {
    expect(sourceWarnings(source(IDS))).toEqual({});
  });
});
