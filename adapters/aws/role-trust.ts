/** A role's trust policy, as IAM has it. */

import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { TrustRead } from '../../contracts/looks.ts';
import { TrustDocument } from '../../contracts/trust-document.ts';
import { isTold, toldPlainly } from './told-plainly.ts';

/** Asks IAM for the role of `arn`. It comes URL-encoded (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html). */
export async function roleTrust(client: IAMClient, arn: string): Promise<TrustRead> {
  const name = arn.split('/').at(-1) ?? arn;
  try {
    const { Role } = await toldPlainly(
      `read the trust policy of ${name}`,
      client.send(new GetRoleCommand({ RoleName: name })),
    );
    const document = TrustDocument.safeParse(parsed(Role?.AssumeRolePolicyDocument));
    if (document.success) return { read: true, policy: document.data };
    return { read: false, code: 'refused', because: `the trust policy of ${name} is not understood here` };
  } catch (error: unknown) {
    if (!isTold(error)) throw error;
    const missing = error.cause instanceof Error && /NoSuchEntity/.test(error.cause.name);
    return { read: false, code: missing ? 'missing' : 'refused', because: error.message };
  }
}

function parsed(encoded: string | undefined): unknown {
  try {
    return JSON.parse(decodeURIComponent(encoded ?? ''));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return undefined;
    throw error;
  }
}
