import type { Source } from '../../contracts/config.ts';

/** GitHub's issuer as IAM names it: the provider's host, and the prefix of the token's claims in conditions. */
export const GITHUB = 'token.actions.githubusercontent.com';

/** Conditions of a trust policy: operator → key → accepted values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>;

/** A trust policy that would let strangers in. The message names what, and what to write instead. */
export class TrustTooWide extends Error {
  override readonly name = 'TrustTooWide';
}

/**
 * The `sub`s of a source's jobs, exact, in both of GitHub's forms: `repo:ORG/REPO:…` and, where the ids are known, `repo:ORG@ID/REPO@ID:…`, which
 * repositories made since 2026-07-15 send
 * (https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims). A colon in an environment's name arrives as `%3A`.
 */
export function subjectsOf({ repository, ownerId, repositoryId, refs, environments }: Source): readonly string[] {
  const [owner = '', name = ''] = repository.split('/');
  const repositories = [repository];
  if (ownerId !== undefined && repositoryId !== undefined) {
    repositories.push(`${owner}@${ownerId}/${name}@${repositoryId}`);
  }
  const jobs = [
    ...refs.map((ref) => `ref:${ref}`),
    ...environments.map((environment) => `environment:${environment.replaceAll(':', '%3A')}`),
  ];
  return repositories.flatMap((repo) => jobs.map((job) => `repo:${repo}:${job}`));
}

/**
 * Who may assume a source's role: jobs of its repository, on its refs or environments, as GitHub's token proves it. STS knows claims beside `aud` and
 * `sub` since January 2026 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
 */
export function sourceTrust(source: Source): Conditions {
  const { repositoryId, jobWorkflowRef, sessionMinutes } = source;
  return {
    StringEquals: {
      [`${GITHUB}:aud`]: 'sts.amazonaws.com',
      [`${GITHUB}:sub`]: subjectsOf(source),
      ...(repositoryId !== undefined && { [`${GITHUB}:repository_id`]: repositoryId }),
      ...(jobWorkflowRef !== undefined && { [`${GITHUB}:job_workflow_ref`]: jobWorkflowRef }),
    },
    // A role's own limit cannot be below one hour, so shorter sessions are asked for by the trust policy.
    ...(sessionMinutes < 60 && { NumericLessThanEquals: { 'sts:DurationSeconds': sessionMinutes * 60 } }),
  };
}

/**
 * The same trust for the local AWS, which reads `aud` and `sub` of a token and nothing else (MiniStack 1.5.33, services/sts.py): a condition on any
 * other key would refuse everybody there.
 */
export function sourceTrustForLocalAws(source: Source): Conditions {
  return {
    StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: subjectsOf(source) },
  };
}

/**
 * Refuses conditions that look narrow and are not: no exact audience, no `sub`, a `sub` that leaves the repository open, `ForAllValues` (true of a token
 * without the claim at all), and `StringEquals` with `*` (which then means the character, so that nobody gets in and somebody widens it in anger).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * @throws TrustTooWide
 */
export function refuseWideTrust(conditions: Conditions): void {
  const accepted = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: [values].flat().map(String) })),
  );
  for (const condition of accepted) refuseOperator(condition);
  const audiences = accepted.filter(({ key }) => key === `${GITHUB}:aud`);
  if (!audiences.some(({ operator, values }) => operator === 'StringEquals' && values.join() === 'sts.amazonaws.com')) {
    const found = audiences.flatMap(({ values }) => values).join(', ');
    throw new TrustTooWide(`the audience has to be exactly sts.amazonaws.com, not '${found}'`);
  }
  const subjects = accepted.filter(({ key }) => key === `${GITHUB}:sub`).flatMap(({ values }) => values);
  if (subjects.length === 0) {
    throw new TrustTooWide(`without a condition on ${GITHUB}:sub every repository of GitHub may assume the role`);
  }
  for (const subject of subjects) refuseOpenSubject(subject);
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function refuseOperator({ operator, key, values }: Condition): void {
  if (operator.startsWith('ForAllValues') || operator.endsWith('IfExists')) {
    throw new TrustTooWide(
      `${operator} on ${key} is true of a token without the claim: use StringEquals or StringLike`,
    );
  }
  const starred = values.find((value) => /[*?]/.test(value));
  if (starred === undefined || !operator.startsWith('StringEquals')) return;
  throw new TrustTooWide(
    `${operator} takes '${starred}' of ${key} by the letter: name it exactly, or use StringLike with a narrow pattern`,
  );
}

/** Owner, repository and what follows have to be there; a `*` may only stand at the very end of a ref or environment. */
function refuseOpenSubject(subject: string): void {
  const [, repository = '', job = ''] = /^repo:([^:]+):(.+)$/.exec(subject) ?? [];
  if (!/^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/.test(repository)) {
    throw new TrustTooWide(`sub '${subject}' does not name one repository: write repo:owner/name:ref:refs/heads/main`);
  }
  if (!/^(ref:refs\/(heads|tags)\/[^*?]+\*?|environment:[^*?]+)$/.test(job)) {
    throw new TrustTooWide(
      `sub '${subject}' names no ref or environment: write repo:${repository}:ref:refs/heads/main`,
    );
  }
}
