import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import { secretsContract } from '../secrets.contract.ts';

secretsContract('memory', async () => {
  const secrets = memorySecrets('/helm/');
  const versions = new Map<string, number>();
  let put = 0;
  return {
    of: secrets.of,
    async seal(name, text) {
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      // Encrypted anew each time.
      const digest = createHash('sha256').update(`${put++} ${text}`).digest('hex');
      secrets.put(name, version, digest, text);
      return { name, version, digest };
    },
    async remove(name) {
      versions.delete(name);
      secrets.remove(name);
    },
    async store(name, text) {
      const arn = `arn:aws:secretsmanager:eu-north-1:123456789012:secret:${name}-AbCd12`;
      secrets.refer(`secretsmanager:${arn}`, text);
      return arn;
    },
  };
});

test('a store that fell silent answers so', async () => {
  const secrets = memorySecrets('/helm/');
  secrets.silence();
  const frozen = { name: '/helm/web-service-helm-secrets', version: 1, digest: 'd' };
  expect(await secrets.of({ package: 'web', allowed: [] }).frozen(frozen)).toMatchObject({ code: 'unreachable' });
});
