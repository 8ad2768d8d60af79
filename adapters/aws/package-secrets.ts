/**
 * The port `Secrets`: SecureStrings of Parameter Store and secrets of Secrets Manager, decrypted for one package at a time by a
 * session that may read nothing else. Which they may be is decided here before AWS is asked, and by the session's policy again.
 */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Clock, Digest } from '../../domain/ports.ts';
import type { FrozenSecret, SecretAnswer, SecretScope, Secrets } from '../../domain/values/ports.ts';
import { mayDecrypt, mayRefer } from '../../domain/values/secrets/may-refer.ts';
import type { Reference } from '../../domain/values/secrets/reference.ts';
import { atOnce } from './at-once.ts';
import type { AwsCredentials } from './eks-token.ts';
import { secretOfJson } from './secret-of-json.ts';
import { secretSessions } from './secret-sessions.ts';
import { secretTrouble } from './secret-trouble.ts';
import { type SecretsPlace, sessionPolicy } from './session-policy.ts';

export interface PackageSecretsProps {
  readonly sts: STSClient;
  /** `{installation}-secrets`. */
  readonly roleArn: string;
  readonly place: SecretsPlace;
  readonly digest: Digest;
  readonly now: Clock;
  /** Both have timeouts and attempts of their own. */
  readonly ssm: (credentials: AwsCredentials) => SSMClient;
  readonly secretsManager: (region: string, credentials: AwsCredentials) => SecretsManagerClient;
}

/** Parameter Store gives an account 40 calls a second, for everybody in it. */
const CALLS_AT_ONCE = 4;

/** Sessions are shared by all scopes of the process; each scope's answers are its own. */
export function packageSecrets(given: PackageSecretsProps): (scope: SecretScope) => Secrets {
  const props = { ...given, ssm: keptFor(given.ssm) };
  const { sts, roleArn, now, place } = props;
  const open = secretSessions({ sts, roleArn, now });
  const inTurn = atOnce(CALLS_AT_ONCE);
  return (scope) => {
    const session = (reference?: Reference) =>
      open({ package: scope.package, policy: sessionPolicy(place, scope, reference) });
    const asked = async (what: string, ask: () => Promise<SecretAnswer>): Promise<SecretAnswer> => {
      try {
        return await inTurn(ask);
      } catch (error) {
        return secretTrouble({ what, package: scope.package, roleArn }, error);
      }
    };
    return {
      async frozen(secret) {
        const may = mayDecrypt(place.prefix, scope, secret.name);
        if (!may.may) return { ok: false, code: 'forbidden', because: may.because };
        const what = `parameter ${secret.name}, version ${secret.version}`;
        return asked(what, async () => frozen(props, props.ssm(await session()), secret, what));
      },
      async referred(reference) {
        const may = mayRefer(place.prefix, scope, reference);
        if (!may.may) return { ok: false, code: 'forbidden', because: may.because };
        const what = whatIs(reference);
        return asked(what, async () => referred(props, await session(reference), reference, what));
      },
    };
  };
}

/** One client a session, so that its sockets are used again; it goes with the session. */
function keptFor(make: PackageSecretsProps['ssm']): PackageSecretsProps['ssm'] {
  const clients = new WeakMap<AwsCredentials, SSMClient>();
  return (credentials) => {
    const client = clients.get(credentials) ?? make(credentials);
    clients.set(credentials, client);
    return client;
  };
}

const whatIs = (reference: Reference) => {
  if (reference.to === 'secretsmanager') return `secret ${reference.arn}`;
  const version = reference.version === undefined ? '' : `, version ${reference.version}`;
  return `parameter ${reference.name}${version}`;
};

/** The ciphertext has to be the one that was planned; the clear text is believed to be of it when it is as old. */
async function frozen(
  { digest }: PackageSecretsProps,
  ssm: SSMClient,
  { name, version, digest: planned }: FrozenSecret,
  what: string,
): Promise<SecretAnswer> {
  const Name = `${name}:${version}`;
  const sealed = await read(ssm, { Name, WithDecryption: false });
  if (sealed?.Type !== 'SecureString' && sealed !== undefined) return plain(what);
  const isPlanned = sealed?.Value !== undefined && (await digest(sealed.Value)) === planned;
  const opened = isPlanned ? await read(ssm, { Name, WithDecryption: true }) : undefined;
  const isSame =
    opened?.Version === version && opened.LastModifiedDate?.getTime() === sealed?.LastModifiedDate?.getTime();
  if (opened?.Value === undefined || !isSame) {
    const because = `${what}, is not what was planned any more: somebody deleted it and made it anew; start a new rollout`;
    return { ok: false, code: 'values-missing', because };
  }
  return { ok: true, text: opened.Value };
}

const plain = (what: string): SecretAnswer => ({
  ok: false,
  code: 'values-missing',
  because: `${what}, is a String that everybody may read, where a SecureString is meant: put it again with 'fairlead values put --secret', and change what is in it`,
});

async function referred(
  props: PackageSecretsProps,
  credentials: AwsCredentials,
  reference: Reference,
  what: string,
): Promise<SecretAnswer> {
  if (reference.to === 'ssm') {
    const Name = reference.version === undefined ? reference.name : `${reference.name}:${reference.version}`;
    const found = await read(props.ssm(credentials), { Name, WithDecryption: true });
    return found?.Value === undefined ? nothing(what) : { ok: true, text: found.Value };
  }
  // The region stands in the ARN: secrets may be shared across regions.
  const region = reference.arn.split(':')[3] ?? props.place.region;
  const client = props.secretsManager(region, credentials);
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: reference.arn }));
  if (SecretString === undefined) {
    return { ok: false, code: 'values-missing', because: `${what} holds bytes and no text: store it as SecretString` };
  }
  return reference.key === undefined
    ? { ok: true, text: SecretString }
    : secretOfJson(SecretString, reference.key, what);
}

const nothing = (what: string): SecretAnswer => ({
  ok: false,
  code: 'values-missing',
  because: `${what} has no value`,
});

async function read(ssm: SSMClient, input: { Name: string; WithDecryption: boolean }): Promise<Parameter | undefined> {
  return (await ssm.send(new GetParameterCommand(input))).Parameter;
}
