import { describe, expect, test } from 'vitest';
import { oidcClaims } from '../../../local/github/oidc-claims.ts';

describe('the claims of a job', () => {
  const ids = { repository: 'acme/webui', repositoryId: '34', repositoryOwnerId: '12' };

  test.each([
    ['a push', {}, 'repo:acme/webui:ref:refs/heads/main'],
    ['a tag', { ref: 'refs/tags/v1.0.0' }, 'repo:acme/webui:ref:refs/tags/v1.0.0'],
    ['a pull request', { event: 'pull_request' as const, ref: 'refs/heads/topic' }, 'repo:acme/webui:pull_request'],
    [
      'an environment, whatever the ref',
      { environment: 'prod', ref: 'refs/heads/topic' },
      'repo:acme/webui:environment:prod',
    ],
    ['an environment with a colon', { environment: 'eu:prod' }, 'repo:acme/webui:environment:eu%3Aprod'],
    ['a repository of the newer form', { immutableSubject: true }, 'repo:acme@12/webui@34:ref:refs/heads/main'],
  ])('the subject of %s', (_, run, sub) => {
    expect(oidcClaims({ ...ids, ...run }).sub).toBe(sub);
  });

  test.each([
    ['is protected unless somebody says otherwise', {}, 'true'],
    ['is not when somebody says so', { refProtected: false }, 'false'],
    ['never is for a pull request', { event: 'pull_request' as const, ref: 'refs/pull/7/merge' }, 'false'],
  ])('say that the ref %s', (_, run, protection) => {
    expect(oidcClaims({ ...ids, ...run }).ref_protected).toBe(protection);
  });

  test('carry what trust policies may ask for', () => {
    expect(
      oidcClaims({ ...ids, sha: 'a'.repeat(40), runId: '77', runAttempt: '2', actor: 'ada', actorId: '5' }),
    ).toMatchObject({
      repository: 'acme/webui',
      repository_id: '34',
      repository_owner: 'acme',
      repository_owner_id: '12',
      ref: 'refs/heads/main',
      sha: 'a'.repeat(40),
      run_id: '77',
      run_attempt: '2',
      actor: 'ada',
      actor_id: '5',
      job_workflow_ref: 'acme/webui/.github/workflows/rollout.yml@refs/heads/main',
    });
  });

  test('name the reusable workflow that holds the job', () => {
    const jobWorkflowRef = 'acme/ci/.github/workflows/roll-out.yml@refs/tags/v2';
    expect(oidcClaims({ ...ids, jobWorkflowRef })).toMatchObject({
      job_workflow_ref: jobWorkflowRef,
      workflow_ref: 'acme/webui/.github/workflows/rollout.yml@refs/heads/main',
    });
  });

  test('name an environment only when the job has one', () => {
    expect(oidcClaims(ids)).not.toHaveProperty('environment');
    expect(oidcClaims({ ...ids, environment: 'prod' }).environment).toBe('prod');
  });

  test('the same repository has the same id every time, another one another', () => {
    const id = (repository: string) => oidcClaims({ repository }).repository_id;
    expect(id('acme/webui')).toBe(id('acme/webui'));
    expect(id('acme/webui')).not.toBe(id('acme/worker'));
    expect(id('acme/webui')).toMatch(/^\d+$/);
  });

  test.each(['webui', 'acme/', '/webui', 'acme/webui/extra'])("'%s' is no repository", (repository) => {
    expect(() => oidcClaims({ repository })).toThrow('owner/name');
  });
});
