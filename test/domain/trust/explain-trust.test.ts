import { describe, expect, test } from 'vitest';
import { Source } from '../../../contracts/source.ts';
import { TrustDocument } from '../../../contracts/trust-document.ts';
import { explainTrust } from '../../../domain/trust/explain-trust.ts';
import { judgeTrust } from '../../../domain/trust/judge-trust.ts';
import { trustContext } from '../../../domain/trust/web-identity.ts';
import { sourceTrust } from '../../../lib/constructs/source-trust.ts';
import { oidcClaims } from '../../../local/github/oidc-claims.ts';
import type { WorkflowRun } from '../../../local/github/workflow-run.ts';

const IDS = { repositoryId: '22', ownerId: '11' };
const RUN = { repository: 'acme/webui', repositoryId: '22', repositoryOwnerId: '11' };

/** What is said to a job of `run` that wants the role of a source. */
function told(source: object, run: object, more: object = {}) {
  const parsed = Source.parse({
    name: 'webui',
    repository: 'acme/webui',
    refs: ['refs/heads/main'],
    packages: ['webui'],
    ...source,
  });
  const policy = TrustDocument.parse({
    Statement: sourceTrust(parsed).map(({ sid, conditions }) => ({
      Sid: sid,
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: conditions,
    })),
  });
  const claims = { ...oidcClaims({ ...RUN, ...run } as WorkflowRun), aud: 'sts.amazonaws.com', ...more };
  return explainTrust(judgeTrust(policy, trustContext(claims)), claims).map(
    ({ because, fix }) => `${because} → ${fix}`,
  );
}

describe('who is kept out is told', () => {
  test('nothing when let in', () => {
    expect(told(IDS, {})).toEqual([]);
    expect(told(IDS, { immutableSubject: true })).toEqual([]);
  });

  test.each<[string, object, object, RegExp]>([
    [
      'another branch',
      IDS,
      { ref: 'refs/heads/topic' },
      /the job runs as 'ref:refs\/heads\/topic', and the role is for 'ref:refs\/heads\/main'.*add 'refs\/heads\/topic' to the source's refs/,
    ],
    [
      'a pull request',
      IDS,
      { event: 'pull_request', ref: 'refs/pull/1/merge' },
      /runs as 'pull_request'.*jobs of pull requests get no role/,
    ],
    [
      'an environment',
      IDS,
      { environment: 'prod:eu' },
      /add 'prod:eu' to the source's environments.*or leave 'environment' out/,
    ],
    [
      'another repository',
      {},
      { repository: 'acme/shop' },
      /of repository 'acme\/shop', and the role is for 'acme\/webui'.*add a source for acme\/shop/,
    ],
    [
      'the immutable form',
      {},
      { immutableSubject: true },
      /immutable form of sub.*ownerId: '11' and repositoryId: '22'/,
    ],
    ['another case', {}, { repository: 'Acme/webui' }, /differs in upper and lower case.*as GitHub does: Acme\/webui/],
  ])('of %s', (_what, source, run, expected) => {
    const found = told(source, run);
    expect(found.join('\n')).toMatch(expected);
    expect(found).toHaveLength(1);
  });

  test('of a repository made anew: sub, repository_id and owner, each with seen and expected', () => {
    const found = told(IDS, { repositoryId: '99', immutableSubject: true });
    expect(found.join('\n')).toMatch(/ids are '11\/99'.*another repository of the same name/);
    expect(found.join('\n')).toMatch(/repository_id is '99', and StringEquals asks for '22'/);
  });

  test('of another audience', () => {
    expect(told(IDS, {}, { aud: 'fairlead' }).join()).toMatch(
      /aud is 'fairlead'.*token with audience 'sts.amazonaws.com'/,
    );
  });

  test('of another reusable workflow', () => {
    const jobWorkflowRef = 'acme/flows/.github/workflows/rollout.yml@refs/heads/main';
    expect(told({ ...IDS, jobWorkflowRef }, {}).join()).toMatch(
      /job_workflow_ref is 'acme\/webui\/.*call the reusable workflow that the source names/,
    );
  });

  test('of a policy that speaks of no token', () => {
    const claims = { sub: 'repo:acme/webui:ref:refs/heads/main' };
    const answer = judgeTrust({ statements: [] }, trustContext(claims));
    expect(explainTrust(answer, claims)[0]?.because).toBe('the policy trusts no GitHub token at all');
  });

  test('of the old form, where the policy has only the immutable one', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { Federated: 'token.actions.githubusercontent.com' },
      Action: 'sts:*',
      Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme@11/webui@22:*' } },
    };
    const claims = { sub: 'repo:acme/webui:ref:refs/heads/main' };
    const answer = judgeTrust(TrustDocument.parse({ Statement: statement }), trustContext(claims));
    expect(explainTrust(answer, claims)[0]).toMatchObject({
      because: expect.stringContaining('old form of sub'),
      fix: expect.stringContaining('turn on immutable subject claims'),
    });
  });
});
