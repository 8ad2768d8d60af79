import { type IOidcProvider, OidcProviderNative } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { GITHUB } from './github-trust.ts';

/** GitHub's OIDC provider of the account, which can have only one: the one that is there, or a new one on request. */
export function githubProvider(scope: Construct, { account, oidcProvider }: Config): IOidcProvider {
  if (oidcProvider === 'create') {
    return new OidcProviderNative(scope, 'Github', {
      url: `https://${GITHUB}`,
      clientIds: ['sts.amazonaws.com'],
    });
  }
  return OidcProviderNative.fromOidcProviderArn(scope, 'Github', `arn:aws:iam::${account}:oidc-provider/${GITHUB}`);
}
