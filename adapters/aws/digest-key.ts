/** Keyed digests: HMAC-SHA-256 under the installation's key, since plain hashes of weak secrets can be guessed. */
import { createHmac } from 'node:crypto';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Digest } from '../../domain/ports.ts';

export interface DigestKeyProps {
  readonly client: SecretsManagerClient;
  /** ARN of the secret; its value is the key. */
  readonly secretArn: string;
}

/** The secret exists but holds nothing that could be a key. */
export class DigestKeyEmpty extends Error {
  override readonly name = 'DigestKeyEmpty';
}

/**
 * The port `Digest`. The key is read once per process and never leaves it; a failed reading is tried again by the next call.
 * @throws DigestKeyEmpty when the secret has no value.
 */
export function digestKey({ client, secretArn }: DigestKeyProps): Digest {
  let key: Promise<Uint8Array> | undefined;
  const read = async () => {
    const { SecretString, SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const bytes = SecretString === undefined ? SecretBinary : new TextEncoder().encode(SecretString);
    if (bytes === undefined || bytes.length === 0)
      throw new DigestKeyEmpty(`secret ${secretArn} has no value: give it one`);
    return bytes;
  };
  return async (content) => {
    key ??= read().catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    return hmac(await key, content);
  };
}

/** `hmac-sha256:` and 64 hex digits. */
export function hmac(key: Uint8Array, content: string | Uint8Array): string {
  return `hmac-sha256:${createHmac('sha256', key).update(content).digest('hex')}`;
}
