/** A role's trust policy, as IAM has it. */
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { TrustDocument } from '../../contracts/trust-document.ts';
import type { TrustPolicy } from '../../domain/trust/trust-policy.ts';
import { toldPlainly } from './told-plainly.ts';

export type RoleTrust =
  | { readonly read: true; readonly policy: TrustPolicy }
  | { readonly read: false; readonly code: 'missing' | 'refused'; readonly because: string };

/** Asks IAM for the role of `arn`. It comes URL-encoded (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html). */
export async function roleTrust(client: IAMClient, arn: string): Promise<RoleTrust> {
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
    const told = error instanceof NotDone || error instanceof ApiUnreachable || error instanceof CredentialsMissing;
    if (!told) throw error;
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
