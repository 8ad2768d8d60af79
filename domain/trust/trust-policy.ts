/** A role's trust policy, as far as it speaks of GitHub's tokens: whom the role lets in. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */

/** `operator: { key: values }` of a statement, one key each. */
export interface TrustCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface TrustStatement {
  /** `Sid`, or `statement 1` by its place. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** `Principal.Federated`; `*` for everybody. */
  readonly federated: readonly string[];
  readonly actions: readonly string[];
  readonly conditions: readonly TrustCondition[];
  /** Elements that are there and not understood here, such as `NotPrincipal`: nothing is concluded from such a statement. */
  readonly unread: readonly string[];
}

export interface TrustPolicy {
  readonly statements: readonly TrustStatement[];
}

/** GitHub's issuer as IAM names it: the last part of the provider's ARN, and the prefix of the claims in conditions. */
export const GITHUB_PROVIDER = 'token.actions.githubusercontent.com';
