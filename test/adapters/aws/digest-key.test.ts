import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { DigestKeyEmpty, digestKey } from '../../../adapters/aws/digest-key.ts';

const secretArn = 'arn:aws:secretsmanager:eu-north-1:000000000000:secret:key';

test('the digest is HMAC-SHA-256 under the secret (RFC 4231, test case 2)', async () => {
  const client = mockClient(SecretsManagerClient);
  client.on(GetSecretValueCommand, { SecretId: secretArn }).resolves({ SecretString: 'Jefe' });
  const digest = digestKey({ client: new SecretsManagerClient({}), secretArn });
  expect(await digest('what do ya want for nothing?')).toBe(
    'hmac-sha256:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('the key is read once, and again after a failed reading', async () => {
  const client = mockClient(SecretsManagerClient);
  client.on(GetSecretValueCommand).rejectsOnce(new Error('throttled')).resolves({ SecretString: 'k' });
  const digest = digestKey({ client: new SecretsManagerClient({}), secretArn });
  await expect(digest('a')).rejects.toThrow('throttled');
  await Promise.all([digest('a'), digest('b')]);
  expect(client.commandCalls(GetSecretValueCommand)).toHaveLength(2);
});

test('an empty secret is no key', async () => {
  mockClient(SecretsManagerClient).on(GetSecretValueCommand).resolves({ SecretString: '' });
  await expect(digestKey({ client: new SecretsManagerClient({}), secretArn })('a')).rejects.toThrow(DigestKeyEmpty);
});
