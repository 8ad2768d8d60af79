import type { WorkflowRun } from './workflow-run.ts';

/** Claims of a job's token apart from the ones that depend on the moment (`iat`, `nbf`, `exp`, `jti`) and on who asks (`aud`, `iss`). */
export type OidcClaims = Readonly<Record<string, string>>;

/**
 * The claim set of GitHub's OIDC token for one job.
 * @throws on a repository that is not `owner/name`
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function oidcClaims(run: WorkflowRun): OidcClaims {
  const [owner, name, ...rest] = run.repository.split('/');
  if (!owner || !name || rest.length > 0)
    throw new Error(`repository '${run.repository}' is not of the form owner/name`);
  const {
    ref = 'refs/heads/main',
    event = 'push',
    workflowFile = '.github/workflows/rollout.yml',
    actor = 'octocat',
  } = run;
  const sha = run.sha ?? '0'.repeat(40);
  const repositoryId = run.repositoryId ?? numberOf(run.repository);
  const ownerId = run.repositoryOwnerId ?? numberOf(owner);
  const workflowRef = `${run.repository}/${workflowFile}@${ref}`;
  const subject = run.immutableSubject ? `${owner}@${ownerId}/${name}@${repositoryId}` : run.repository;
  return {
    sub: `repo:${subject}:${contextOf(run.environment, event, ref)}`,
    repository: run.repository,
    repository_id: repositoryId,
    repository_owner: owner,
    repository_owner_id: ownerId,
    repository_visibility: 'private',
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'true',
    base_ref: event === 'pull_request' ? 'main' : '',
    head_ref: event === 'pull_request' ? ref.replace(/^refs\/(heads|tags)\//, '') : '',
    event_name: event,
    sha,
    run_id: run.runId ?? '1',
    run_number: '1',
    run_attempt: run.runAttempt ?? '1',
    actor,
    actor_id: run.actorId ?? numberOf(actor),
    workflow: run.workflow ?? 'Roll out',
    workflow_ref: workflowRef,
    workflow_sha: sha,
    job_workflow_ref: workflowRef,
    job_workflow_sha: sha,
    runner_environment: 'github-hosted',
    ...(run.environment === undefined ? {} : { environment: run.environment }),
  };
}

/** What follows the repository in `sub`: an environment hides a pull request, and that hides the ref. */
function contextOf(environment: string | undefined, event: string, ref: string): string {
  // GitHub escapes colons in environment names, since they separate the parts.
  if (environment !== undefined) return `environment:${environment.replaceAll(':', '%3A')}`;
  return event === 'pull_request' ? 'pull_request' : `ref:${ref}`;
}

/** A stable number for a name (FNV-1a): the same repository has the same id in every run of the local stack. */
function numberOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return String(hash);
}
