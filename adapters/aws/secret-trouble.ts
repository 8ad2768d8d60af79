/** What AWS's SDK throws when a secret is asked for, as an answer: names the secret and the next step, and never a value. */
import type { SecretAnswer } from '../../domain/values/ports.ts';

type Trouble = Extract<SecretAnswer, { ok: false }>;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html, https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const GONE = ['ParameterNotFound', 'ParameterVersionNotFound', 'ResourceNotFoundException'];
const REFUSED = ['AccessDenied', 'AccessDeniedException', 'InvalidKeyId', 'DecryptionFailure'];
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html, and what ends a session early. */
const PASSING =
  /Throttl|TooManyRequests|TimeoutError|ServiceUnavailable|InternalServer|InternalFailure|ExpiredToken|RequestLimitExceeded/;

export interface Wanted {
  /** `parameter /helm/webui-service-helm-secrets, version 3`. */
  readonly what: string;
  readonly package: string;
  readonly roleArn: string;
}

/** @throws what is no trouble of AWS's but a mistake of ours. */
export function secretTrouble({ what, package: pkg, roleArn }: Wanted, error: unknown): Trouble {
  if (!(error instanceof Error)) throw error;
  const { name } = error;
  if (GONE.includes(name)) {
    const because = `${what} is not there any more, or never was: put it back, or start a new rollout`;
    return { ok: false, code: 'values-missing', because };
  }
  if (REFUSED.includes(name)) return { ok: false, code: 'forbidden', because: refusal(what, pkg, roleArn, error) };
  if (PASSING.test(name) || isNetwork(error) || isServersFault(error)) {
    return { ok: false, code: 'unreachable', because: `${what} cannot be read now: AWS answered ${name}` };
  }
  throw error;
}

/** AWS names action and key where it can; its words are not handed on, for whatever else may stand in them. */
function refusal(what: string, pkg: string, roleArn: string, { name, message }: Error): string {
  const key = /arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]+/.exec(message)?.[0];
  if (key !== undefined || /kms:|ciphertext|KMS/.test(message) || name !== 'AccessDeniedException') {
    const which = key === undefined ? 'its KMS key' : `KMS key ${key}`;
    return `${what} may not be decrypted for package ${pkg} (${name}): add ${which} to secrets.kmsKeys of fairlead.yaml, and let ${roleArn} decrypt in the key's own policy`;
  }
  return `${what} may not be read for package ${pkg} (${name}): the package's references and secrets.references of fairlead.yaml both have to name it`;
}

/** A socket's or resolver's error has a `code` and `syscall` (https://nodejs.org/api/errors.html#class-systemerror). */
const isNetwork = (error: Error) => 'code' in error && 'syscall' in error;
const isServersFault = (error: Error) => '$fault' in error && error.$fault === 'server';
