import {
  FederatedPrincipal,
  type IOidcProvider,
  type PolicyDocument,
  PolicyStatement,
  PrincipalBase,
  type PrincipalPolicyFragment,
} from 'aws-cdk-lib/aws-iam';
import { refuseWideTrust, type TrustStatement, trustForLocalAws } from './github-trust.ts';

/** A role's trust, statement by statement, each with a name (`Sid`) by which a refusal can be explained; the CDK's own principals give none. */
export class StatedTrust extends PrincipalBase {
  readonly #statements: readonly PolicyStatement[];

  constructor(statements: readonly PolicyStatement[]) {
    super();
    this.#statements = statements;
  }

  override addToAssumeRolePolicy(document: PolicyDocument): void {
    document.addStatements(...this.#statements);
  }

  /** Two of them are never taken for one. */
  override dedupeString(): undefined {
    return undefined;
  }

  override get policyFragment(): PrincipalPolicyFragment {
    throw new Error('a stated trust belongs into the trust policy of a role and nowhere else');
  }
}

export interface GithubTrust {
  readonly provider: IOidcProvider;
  /** Whose tokens are taken. */
  readonly trust: readonly TrustStatement[];
  /** True for the local AWS, which is told only what it understands. */
  readonly local: boolean;
}

/** Jobs of GitHub's that meet one of the statements. @throws TrustTooWide */
export function githubJobs({ provider, trust, local }: GithubTrust): StatedTrust {
  refuseWideTrust(trust);
  return new StatedTrust(
    (local ? trustForLocalAws(trust) : trust).map(
      ({ sid, conditions }) =>
        new PolicyStatement({
          sid,
          principals: [new FederatedPrincipal(provider.oidcProviderArn, {}, 'sts:AssumeRoleWithWebIdentity')],
          actions: ['sts:AssumeRoleWithWebIdentity'],
          conditions,
        }),
    ),
  );
}
