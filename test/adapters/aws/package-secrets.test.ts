/** What AWS says when it says no: answers that name the next step, and never a value. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient, ThrottlingException } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { packageSecrets } from '../../../adapters/aws/package-secrets.ts';
import { sessionPolicy } from '../../../adapters/aws/session-policy.ts';

const ROLE = 'arn:aws:iam::123456789012:role/fairlead-secrets';
const KEY = 'arn:aws:kms:eu-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const place = { account: '123456789012', region: 'eu-north-1', prefix: '/helm/' };
const scope = { package: 'web', allowed: ['ssm:/shared/smtp'] };
const planned = { name: '/helm/web-service-helm-secrets', version: 3, digest: 'digest of sealed' };
const written = new Date('2026-01-01T00:00:00Z');

const sts = mockClient(STSClient);
const ssm = mockClient(SSMClient);
let time: number;
beforeEach(() => {
  time = Date.parse('2026-01-02T00:00:00Z');
  sts.reset();
  ssm.reset();
  sts.on(AssumeRoleCommand).callsFake(() => ({
    Credentials: { AccessKeyId: 'A', SecretAccessKey: 'B', SessionToken: 'C', Expiration: new Date(time + 900_000) },
  }));
  answers({});
});

/** Parameter Store, with a parameter that is as planned but for what `changes` says. */
function answers(
  changes: Readonly<Record<string, unknown>>,
  opened: Readonly<Record<string, unknown>> = changes,
): void {
  const parameter = { Name: planned.name, Version: 3, Type: 'SecureString' as const, LastModifiedDate: written };
  ssm
    .on(GetParameterCommand, { WithDecryption: false })
    .resolves({ Parameter: { ...parameter, Value: 'sealed', ...changes } });
  ssm
    .on(GetParameterCommand, { WithDecryption: true })
    .resolves({ Parameter: { ...parameter, Value: 'clear canary', ...opened } });
}

const made = () =>
  packageSecrets({
    sts: new STSClient({}),
    roleArn: ROLE,
    place,
    digest: async (content) => `digest of ${content}`,
    now: () => new Date(time),
    ssm: () => new SSMClient({ region: 'eu-north-1' }),
    secretsManager: () => new SecretsManagerClient({ region: 'eu-north-1' }),
  });
const named = (name: string, message = name) => Object.assign(new Error(message), { name, $fault: 'client' });

test('what is planned is asked for by version, sealed first and opened then', async () => {
  expect(await made()(scope).frozen(planned)).toEqual({ ok: true, text: 'clear canary' });
  const asked = ssm.commandCalls(GetParameterCommand).map(({ args }) => args[0].input);
  expect(asked).toEqual([false, true].map((WithDecryption) => ({ Name: `${planned.name}:3`, WithDecryption })));
});

test.each([
  ['another ciphertext', { Value: 'sealed anew' }, {}, /deleted it and made it anew/],
  ['another one by the time it is opened', {}, { LastModifiedDate: new Date() }, /deleted it and made it anew/],
  ['a String', { Type: 'String', Value: 'clear canary' }, {}, /is a String that everybody may read/],
])('%s is not what was planned, and is not told', async (_, sealed, opened, because) => {
  answers(sealed, opened);
  const answer = await made()(scope).frozen(planned);
  expect(answer).toMatchObject({ ok: false, code: 'values-missing', because: expect.stringMatching(because) });
  expect(JSON.stringify(answer)).not.toContain('canary');
});

test('a ciphertext that is not the planned one is never opened', async () => {
  answers({ Value: 'sealed anew' });
  await made()(scope).frozen(planned);
  expect(ssm.commandCalls(GetParameterCommand, { WithDecryption: true })).toHaveLength(0);
});

describe('trouble', () => {
  const decrypting = `User: x is not authorized to perform: kms:Decrypt on resource: ${KEY} because no identity-based policy allows it; canary`;
  test.each([
    [
      'no right to decrypt',
      named('AccessDeniedException', decrypting),
      'forbidden',
      new RegExp(`KMS key ${KEY} to secrets.kmsKeys.*let ${ROLE} decrypt`),
    ],
    ['a key that is gone', named('InvalidKeyId', 'canary'), 'forbidden', /its KMS key to secrets\.kmsKeys/],
    [
      'no right to read',
      named('AccessDeniedException', 'ssm:GetParameter canary'),
      'forbidden',
      /references.*both have to name it/,
    ],
    [
      'a version that is gone',
      named('ParameterVersionNotFound', 'canary'),
      'values-missing',
      /version 3 is not there any more/,
    ],
    [
      'throttling',
      new ThrottlingException({ message: 'canary', Message: '', $metadata: {} }),
      'unreachable',
      /ThrottlingException/,
    ],
    ['silence', named('TimeoutError', 'canary'), 'unreachable', /TimeoutError/],
    ['a session that ended', named('ExpiredTokenException', 'canary'), 'unreachable', /ExpiredTokenException/],
  ])('%s is an answer', async (_, error, code, because) => {
    ssm.reset();
    ssm.on(GetParameterCommand).rejects(error);
    const answer = await made()(scope).frozen(planned);
    expect(answer).toMatchObject({ ok: false, code, because: expect.stringMatching(because) });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  test('the role that may not be assumed is one, too, and is asked for again', async () => {
    sts.on(AssumeRoleCommand).rejectsOnce(named('AccessDenied', 'canary'));
    const secrets = made()(scope);
    expect(await secrets.frozen(planned)).toMatchObject({ ok: false, code: 'forbidden' });
    sts.on(AssumeRoleCommand).resolves({
      Credentials: { AccessKeyId: 'A', SecretAccessKey: 'B', SessionToken: 'C', Expiration: new Date(time + 900_000) },
    });
    expect(await secrets.frozen(planned)).toMatchObject({ ok: true });
  });

  test('a mistake of ours is none', async () => {
    ssm.reset();
    ssm.on(GetParameterCommand).rejects(named('ValidationException'));
    await expect(made()(scope).frozen(planned)).rejects.toThrow('ValidationException');
  });
});

describe('sessions', () => {
  const opened = () => sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input);

  test('last a quarter of an hour, are named after the package, and carry its policy', async () => {
    await made()(scope).frozen(planned);
    expect(opened()).toEqual([
      { RoleArn: ROLE, RoleSessionName: 'package-web', DurationSeconds: 900, Policy: sessionPolicy(place, scope) },
    ]);
  });

  test('are kept, and opened anew before they end', async () => {
    const of = made();
    await Promise.all([of(scope).frozen(planned), of(scope).frozen(planned)]);
    await of(scope).referred({ to: 'ssm', name: '/shared/smtp' });
    expect(opened()).toHaveLength(1);
    time += 12 * 60_000;
    await of(scope).frozen(planned);
    expect(opened()).toHaveLength(1);
    time += 2 * 60_000;
    await of(scope).frozen(planned);
    expect(opened()).toHaveLength(2);
  });

  test('of another package are others', async () => {
    const of = made();
    await of(scope).frozen(planned);
    await of({ package: 'api', allowed: [] }).frozen({ ...planned, name: '/helm/api-service-helm-secrets' });
    expect(opened().map(({ RoleSessionName }) => RoleSessionName)).toEqual(['package-web', 'package-api']);
  });

  test('no more than what STS takes: when the entry names too much, what covers the reference has to do', () => {
    const allowed = Array.from({ length: 20 }, (_, i) => `ssm:/a/long/folder/of/shared/secrets/number/${i}/*`);
    const wide = { package: 'web', allowed };
    const forOne = sessionPolicy(place, wide, { to: 'ssm', name: '/a/long/folder/of/shared/secrets/number/7/x' });
    expect(forOne.length).toBeLessThanOrEqual(2048);
    expect(forOne).toContain('/number/7/*');
    expect(forOne).not.toContain('/number/8/*');
    expect(sessionPolicy(place, wide)).not.toContain('/number/');
  });
});
