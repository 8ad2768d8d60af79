import type { VerifiedClaims } from '../../domain/items/rollout.ts';

/** What a verified token of acme/webui's main branch proves, apart from what is said. */
export function claimsOf(more: Partial<VerifiedClaims> = {}): VerifiedClaims {
  return {
    repository: 'acme/webui',
    repositoryId: '34',
    owner: 'acme',
    ownerId: '12',
    ref: 'refs/heads/main',
    refProtected: true,
    sha: 'a'.repeat(40),
    runId: '77',
    runAttempt: '1',
    actor: 'octocat',
    event: 'push',
    jobWorkflowRef: 'acme/webui/.github/workflows/rollout.yml@refs/heads/main',
    ...more,
  };
}
