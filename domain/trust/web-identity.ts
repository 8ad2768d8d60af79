/** What STS knows of a caller who brings GitHub's token: the keys that a trust policy can ask for. */
import { GITHUB_PROVIDER } from './trust-policy.ts';

/** Claims by name; only texts and lists of texts, as GitHub sends them. */
export type TokenClaims = Readonly<Record<string, string | readonly string[]>>;

/** Key in lower case → values. A key that is known and absent has no values; a key that is not in here is not known. */
export type TrustContext = ReadonlyMap<string, readonly string[]>;

/**
 * Claims that STS reads of GitHub's tokens, beside `aud` and `sub` since January 2026
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
 */
const READ_BY_STS = [
  'aud',
  'sub',
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'workflow',
] as const;

/**
 * The context of `AssumeRoleWithWebIdentity` with this token. How long the session is to last is not in it: STS tells a trust policy nothing of that.
 */
export function trustContext(claims: TokenClaims): TrustContext {
  return new Map(
    READ_BY_STS.map((claim) => {
      const value = claims[claim];
      return [`${GITHUB_PROVIDER}:${claim}`, value === undefined ? [] : [value].flat()];
    }),
  );
}
