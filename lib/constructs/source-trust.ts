import type { Source } from '../../contracts/source.ts';
import { claimKey, type TrustStatement } from './github-trust.ts';

/** Refs of branches and tags. A pull request's is `refs/pull/…`, and its `sub` does not say so when the job runs in an environment. */
export const NO_PULL_REQUEST = ['refs/heads/*', 'refs/tags/*'];

/**
 * The `sub`s of some jobs (`ref:refs/heads/main`, `environment:production`) of a source, in both of GitHub's forms: `repo:ORG/REPO:…` and, where the ids are
 * known, `repo:ORG@ID/REPO@ID:…`, which repositories made since 2026-07-15 send
 * (https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims). Only the ids match a `sub` of the second form.
 */
export function subjectsOf(source: Source, jobs: readonly string[]): readonly string[] {
  const { repository, ownerId, repositoryId } = source;
  const [owner = '', name = ''] = repository.split('/');
  const repositories = [repository];
  if (ownerId !== undefined && repositoryId !== undefined) {
    repositories.push(`${owner}@${ownerId}/${name}@${repositoryId}`);
  }
  return repositories.flatMap((repo) => jobs.map((job) => `repo:${repo}:${job}`));
}

/**
 * Who may assume a source's role: jobs of its repository, on its refs or in its environments, as GitHub's token proves it. One statement for each way to
 * name jobs, since exact values and patterns of one key cannot share a statement. How long a session lasts is no condition: STS tells a trust policy nothing
 * of it (docs/adr/0013).
 */
export function sourceTrust(source: Source): readonly TrustStatement[] {
  const exact = source.refs.filter((ref) => !ref.endsWith('*'));
  const patterns = source.refs.filter((ref) => ref.endsWith('*'));
  const statements: TrustStatement[] = [];
  if (exact.length > 0) {
    statements.push(statementOf(source, 'Refs', { equals: { sub: subjectsOf(source, exact.map(refJob)) } }));
  }
  if (patterns.length > 0) {
    statements.push(statementOf(source, 'RefPatterns', { like: { sub: subjectsOf(source, patterns.map(refJob)) } }));
  }
  if (source.environments.length > 0) {
    const subjects = subjectsOf(source, source.environments.map(environmentJob));
    const equals = { sub: subjects, environment: source.environments };
    statements.push(statementOf(source, 'Environments', { equals, like: { ref: NO_PULL_REQUEST } }));
  }
  return statements;
}

const refJob = (ref: string) => `ref:${ref}`;
/** A colon in an environment's name arrives as `%3A` in `sub`, and as itself in the claim `environment`. */
const environmentJob = (environment: string) => `environment:${environment.replaceAll(':', '%3A')}`;

type Claims = Readonly<Record<string, string | readonly string[]>>;

/** A statement with what holds of every job of the source: audience, ids and workflow. */
function statementOf(source: Source, sid: string, own: { equals?: Claims; like?: Claims }): TrustStatement {
  const { ownerId, repositoryId, jobWorkflowRef } = source;
  const workflow = jobWorkflowRef === undefined ? {} : { job_workflow_ref: jobWorkflowRef };
  const anyVersion = jobWorkflowRef?.endsWith('*') === true;
  const equals: Claims = {
    aud: 'sts.amazonaws.com',
    ...own.equals,
    ...(repositoryId !== undefined && { repository_id: repositoryId }),
    ...(ownerId !== undefined && { repository_owner_id: ownerId }),
    ...(!anyVersion && workflow),
  };
  const like: Claims = { ...own.like, ...(anyVersion && workflow) };
  return {
    sid,
    conditions: {
      StringEquals: keyed(equals),
      ...(Object.keys(like).length > 0 && { StringLike: keyed(like) }),
    },
  };
}

const keyed = (claims: Claims) =>
  Object.fromEntries(Object.entries(claims).map(([claim, values]) => [claimKey(claim), values]));
