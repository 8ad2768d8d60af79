/** What a trust policy may say of GitHub's tokens: conditions by name, and the refusal of those that only look narrow. */

/** GitHub's issuer as IAM names it: the provider's host, and the prefix of the token's claims in conditions. */
export const GITHUB = 'token.actions.githubusercontent.com';

/** Conditions of a statement: operator → key → accepted values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One way in. A token has to meet all conditions of one statement. */
export interface TrustStatement {
  /** What kind of job comes in by it, e.g. `Refs`; letters and digits only. */
  readonly sid: string;
  readonly conditions: Conditions;
}

/** A trust policy that would let strangers in. The message names what, and what to write instead. */
export class TrustTooWide extends Error {
  override readonly name = 'TrustTooWide';
}

/** The condition key of a claim. STS knows few beside `aud` and `sub` (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif). */
export const claimKey = (claim: string) => `${GITHUB}:${claim}`;

/**
 * The same trust for the local AWS, which reads `aud` and `sub` of a token and nothing else (MiniStack 1.5.33, services/sts.py): a condition on any
 * other key would refuse everybody there.
 */
export function trustForLocalAws(statements: readonly TrustStatement[]): readonly TrustStatement[] {
  const known = new Set([claimKey('aud'), claimKey('sub')]);
  const kept = (keys: Conditions[string]) => Object.fromEntries(Object.entries(keys).filter(([key]) => known.has(key)));
  return statements.map(({ sid, conditions }) => ({
    sid,
    conditions: Object.fromEntries(
      Object.entries(conditions)
        .map(([operator, keys]) => [operator, kept(keys)] as const)
        .filter(([, keys]) => Object.keys(keys).length > 0),
    ),
  }));
}

/**
 * Refuses conditions that look narrow and are not: no exact audience, no `sub`, a `sub` that leaves the repository open (unless the owner's id is pinned
 * exactly), `ForAllValues` (true of a token without the claim at all), any other operator than `StringEquals` and `StringLike` (most say whom not), and `StringEquals` with `*` (which then means the character, so that nobody gets in
 * and somebody widens it in anger).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * @throws TrustTooWide
 */
export function refuseWideTrust(statements: readonly Pick<TrustStatement, 'conditions'>[]): void {
  if (statements.length === 0) throw new TrustTooWide('without a statement nobody may assume the role: name a ref');
  for (const { conditions } of statements) refuseWideStatement(conditions);
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function refuseWideStatement(conditions: Conditions): void {
  const accepted: readonly Condition[] = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: [values].flat() })),
  );
  for (const condition of accepted) refuseOperator(condition);
  const of = (claim: string) => accepted.filter(({ key }) => key === claimKey(claim));
  const audiences = of('aud');
  if (!audiences.some(({ operator, values }) => operator === 'StringEquals' && values.join() === 'sts.amazonaws.com')) {
    const found = audiences.flatMap(({ values }) => values).join(', ');
    throw new TrustTooWide(`the audience has to be exactly sts.amazonaws.com, not '${found}'`);
  }
  const subjects = of('sub').flatMap(({ values }) => values);
  if (subjects.length === 0) {
    throw new TrustTooWide(`without a condition on ${claimKey('sub')} every repository of GitHub may assume the role`);
  }
  const ownerPinned = of('repository_owner_id').some(({ operator }) => operator === 'StringEquals');
  for (const subject of subjects) {
    if (!(ownerPinned && OF_AN_OWNER.test(subject))) refuseOpenSubject(subject);
  }
}

function refuseOperator({ operator, key, values }: Condition): void {
  if (operator.startsWith('ForAllValues') || operator.endsWith('IfExists')) {
    throw new TrustTooWide(
      `${operator} on ${key} is true of a token without the claim: use StringEquals or StringLike`,
    );
  }
  if (operator !== 'StringEquals' && operator !== 'StringLike') {
    throw new TrustTooWide(`${operator} on ${key} does not say whom it lets in: use StringEquals or StringLike`);
  }
  const variable = values.find((value) => value.includes('$'));
  if (variable !== undefined) {
    throw new TrustTooWide(`'${variable}' of ${key} begins a variable of IAM's: write the value itself`);
  }
  const starred = values.find((value) => /[*?]/.test(value));
  if (starred === undefined || operator !== 'StringEquals') return;
  throw new TrustTooWide(
    `${operator} takes '${starred}' of ${key} by the letter: name it exactly, or use StringLike with a narrow pattern`,
  );
}

/** Every repository of one owner, but never its pull requests. */
const OF_AN_OWNER = /^repo:[\w.-]+(@\d+)?\/\*:(ref:refs\/(heads|tags)\/\*|environment:\*)$/;

/** Owner, repository and what follows have to be there; a `*` may only stand at the very end of a ref. */
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
