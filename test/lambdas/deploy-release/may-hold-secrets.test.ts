import { expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import type { Inputs } from '../../../domain/items/deployment.ts';
import { mayHoldSecrets } from '../../../lambdas/deploy-release/may-hold-secrets.ts';
import { someInputs } from '../../support/items.ts';

const NAME = 'web-service-helm-values';
const COPY = 'rollouts/1/layers/x';
const layers = [{ name: NAME, version: 1, digest: 'hmac-sha256:1', copy: COPY }];

async function may(given: Partial<Inputs>, copy?: string) {
  const plans = memoryObjects();
  if (copy !== undefined) await plans.putOnce(COPY, copy);
  return await mayHoldSecrets({ plans, readLayer }, someInputs({ layers, ...given }));
}

test('plain layers of a chart without a Feature.yaml hold none', async () => {
  expect(await may({}, 'a: {b: [1, text]}')).toBe(false);
});

test.each<[string, Partial<Inputs>, string | undefined]>([
  ['layers of secrets', { secretLayers: [{ name: 's', version: 1, digest: 'hmac-sha256:2', after: 1 }] }, 'a: 1'],
  ['a reference in a plain layer', {}, 'a: {b: ["ssm:shared"]}'],
  ['what begins like a reference and is none', {}, 'a: "ssm:"'],
  ['a layer that is no YAML', {}, 'a: ['],
  ['a copy that is gone', {}, undefined],
  [
    'a chart with a Feature.yaml, which may call any value of a plain layer secret',
    { facts: { digest: 'hmac-sha256:3', copy: 'rollouts/1/facts/x' } },
    'token: from-a-plain-layer',
  ],
])('%s may', async (_, given, copy) => {
  expect(await may(given, copy)).toBe(true);
});
