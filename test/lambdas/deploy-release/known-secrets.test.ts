/** What a process remembers of a deployment's secrets, for operations that gather no values. */
import { expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { hushedDeps, newHush } from '../../../lambdas/deploy-release/hush.ts';
import { knownSecrets } from '../../../lambdas/deploy-release/known-secrets.ts';
import { plainValues } from '../../support/deployer/values-deps.ts';
import { aDeployment, someInputs } from '../../support/items.ts';

const SECRET = 'webui-service-helm-secrets.label.a.b';
const TEXT = `password: ssm:${SECRET}`;
const layers = [{ name: 'webui-service-helm-values', version: 1, digest: `digest of ${TEXT}`, copy: 'copy' }];

async function aProcess() {
  const secrets = memorySecrets();
  const plans = memoryObjects();
  await plans.putOnce('copy', TEXT);
  const deps = {
    ...plainValues,
    table: memoryTable(),
    plans,
    secrets: secrets.of,
    readLayer,
    digest: async (content: string | Uint8Array) => `digest of ${Buffer.from(content).toString()}`,
    canonical: JSON.stringify,
    charts: {
      resolve: async () => ({ found: false, code: 'unreachable', because: '' }),
      pull: async () => ({ pulled: true, archive: new Uint8Array() }),
    },
  } as Partial<Deps> as Deps;
  const known = knownSecrets();
  return {
    secrets,
    /** What one call has come to know. */
    async call(attempt: number) {
      const hush = newHush();
      const because = await known(hushedDeps(deps, hush))(
        hush,
        aDeployment({ attempt, inputs: someInputs({ layers }) }),
      );
      return { because, known: [...hush.known()] };
    },
  };
}

test('secrets are read once for all calls of a try, and again for the next: a reference may lead to another one then', async () => {
  const { secrets, call } = await aProcess();
  secrets.put(SECRET, 1, 'sealed', 'the-first-one');
  expect(await call(1)).toEqual({ because: undefined, known: ['the-first-one'] });
  secrets.put(SECRET, 2, 'sealed', 'the-next-one');
  expect((await call(1)).known).toEqual(['the-first-one']);
  expect((await call(2)).known).toEqual(['the-next-one']);
});

test('what could not be read is asked for again', async () => {
  const { secrets, call } = await aProcess();
  expect((await call(1)).because).toMatch(/is not there/);
  secrets.put(SECRET, 1, 'sealed', 'the-first-one');
  expect((await call(1)).known).toEqual(['the-first-one']);
});
