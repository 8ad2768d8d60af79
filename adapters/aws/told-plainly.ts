/** What AWS's SDK throws, in words for the person who called: no credentials, no answer, or a refusal. */
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import { NotDone } from '../../contracts/not-done.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html; the first is the SDK's own, before any call. */
const WITHOUT_CREDENTIALS = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
];

/**
 * The call's answer.
 * @param what the deed, as a sentence can begin with it: `write the layer webui-service-helm-values`.
 * @throws CredentialsMissing, ApiUnreachable or NotDone; anything else is a mistake of ours and stays as it is.
 */
export async function toldPlainly<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error: unknown) {
    throw plainly(what, error);
  }
}

/** Whether an error is one of those words, which the caller may answer with. */
export const isTold = (error: unknown): error is NotDone | ApiUnreachable | CredentialsMissing =>
  error instanceof NotDone || error instanceof ApiUnreachable || error instanceof CredentialsMissing;

function plainly(what: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  if (WITHOUT_CREDENTIALS.includes(name)) {
    return new CredentialsMissing(`cannot ${what}: no usable AWS credentials: ${message}`, { cause: error });
  }
  if (name === 'TimeoutError' || isNetwork(error)) {
    return new ApiUnreachable(`cannot ${what}: AWS does not answer: ${message}`, { cause: error });
  }
  if (!('$fault' in error)) return error;
  return new NotDone(`cannot ${what}: AWS refuses: ${name}: ${message}`, { cause: error });
}

/** A socket's or resolver's error has a `code` and `syscall`, AWS's own answers have neither (https://nodejs.org/api/errors.html#class-systemerror). */
const isNetwork = (error: Error) => 'code' in error && 'syscall' in error;
