import type { Source } from '../../contracts/source.ts';
import { GITHUB } from './github-trust.ts';
import { sourceTrust } from './source-trust.ts';

/** How many characters the trust policy of a source's role has for IAM. */
export function trustLength(account: string, source: Source): number {
  const document = {
    Statement: sourceTrust(source).map(({ sid, conditions }) => ({
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: conditions,
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${GITHUB}` },
      Sid: sid,
    })),
    Version: '2012-10-17',
  };
  return JSON.stringify(document).replaceAll(/\s/g, '').length;
}
