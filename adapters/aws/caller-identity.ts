/** Whose credentials are these? STS knows, and asks for no right (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). */

import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import type { WhoAmI } from '../../contracts/looks.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { toldPlainly } from './told-plainly.ts';

/** Asks STS. What the caller can do something about is an answer; anything else is thrown. */
export async function callerIdentity(client: STSClient): Promise<WhoAmI> {
  try {
    const asked = client.send(new GetCallerIdentityCommand({}));
    const { Account, Arn } = await toldPlainly('ask who signs', asked);
    if (Account !== undefined && Arn !== undefined) return { known: true, account: Account, arn: Arn };
    return { known: false, code: 'unreachable', because: 'STS answered without an identity' };
  } catch (error: unknown) {
    if (error instanceof CredentialsMissing) return { known: false, code: codeOf(error), because: error.message };
    if (error instanceof ApiUnreachable) return { known: false, code: 'unreachable', because: error.message };
    if (error instanceof NotDone) return { known: false, code: 'refused', because: error.message };
    throw error;
  }
}

/** The SDK says so itself, before any call, when there is nothing to sign with. */
const codeOf = ({ cause }: CredentialsMissing) =>
  cause instanceof Error && cause.name === 'CredentialsProviderError' ? 'missing' : 'refused';
