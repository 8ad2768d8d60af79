import { WorkflowRun } from './workflow-run.ts';

/** Claims of a job's token apart from the ones that depend on the moment (`iat`, `nbf`, `exp`, `jti`) and on who asks (`aud`, `iss`). */
export type OidcClaims = Readonly<Record<string, string>>;

/**
 * The claim set of GitHub's OIDC token for one job.
 * @throws on a repository that is not `owner/name`, and on other things that no job is
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function oidcClaims(input: WorkflowRun): OidcClaims {
  const run = WorkflowRun.parse(input);
  const { repository, ref, event, sha, environment, actor } = run;
  const [owner = '', name = ''] = repository.split('/');
  const repositoryId = run.repositoryId ?? numberOf(repository);
  const ownerId = run.repositoryOwnerId ?? numberOf(owner);
  const workflowRef = `${repository}/${run.workflowFile}@${ref}`;
  const subject = run.immutableSubject ? `${owner}@${ownerId}/${name}@${repositoryId}` : repository;
  const pulled = event === 'pull_request';
  return {
    sub: `repo:${subject}:${contextOf(environment, pulled, ref)}`,
    repository,
    repository_id: repositoryId,
    repository_owner: owner,
    repository_owner_id: ownerId,
    repository_visibility: 'private',
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: String(run.refProtected && !pulled),
    base_ref: pulled ? 'main' : '',
    head_ref: pulled ? ref.replace(/^refs\/(heads|tags)\//, '') : '',
    event_name: event,
    sha,
    run_id: run.runId,
    run_number: '1',
    run_attempt: run.runAttempt,
    actor,
    actor_id: run.actorId ?? numberOf(actor),
    workflow: run.workflow,
    workflow_ref: workflowRef,
    workflow_sha: sha,
    job_workflow_ref: run.jobWorkflowRef ?? workflowRef,
    job_workflow_sha: sha,
    runner_environment: 'github-hosted',
    ...(environment === undefined ? {} : { environment }),
  };
}

/** What follows the repository in `sub`: an environment hides a pull request, and that hides the ref. */
function contextOf(environment: string | undefined, pulled: boolean, ref: string): string {
  // GitHub escapes colons in environment names, since they separate the parts.
  if (environment !== undefined) return `environment:${environment.replaceAll(':', '%3A')}`;
  return pulled ? 'pull_request' : `ref:${ref}`;
}

/** A stable number for a name (FNV-1a). */
function numberOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return String(hash);
}
