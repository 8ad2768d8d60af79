/** What is refused before helm runs. */
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { prepareInputs } from '../../../lambdas/deploy-release/prepare.ts';
import { plainValues } from '../../support/deployer/values-deps.ts';
import { aChart, aDeployment } from '../../support/items.ts';

const NAME = 'webui-service-helm-values.environment.dev';
const TEXT = 'port: 80\nreplicas: many';

async function prepared(given: Partial<Deps>, archive = new Uint8Array()) {
  const plans = memoryObjects();
  await plans.putOnce('copy', TEXT);
  const digest = async (content: string | Uint8Array) => `digest of ${Buffer.from(content).toString()}`;
  const layer = { name: NAME, version: 3, digest: `digest of ${TEXT}`, copy: 'copy' };
  const inputs = { ...aDeployment().inputs, layers: [layer] };
  const deps = {
    table: memoryTable(),
    plans,
    secrets: memorySecrets().of,
    digest,
    readLayer,
    canonical: canonicalJson,
    charts: { pull: async () => ({ pulled: true, archive }) },
    ...plainValues,
    ...given,
  } as unknown as Deps;
  return prepareInputs(deps, { ...aDeployment({ inputs }), own: {} }, []);
}

test('a value that the schema does not allow is told with the layer that set it, its version and line', async () => {
  const answer = await prepared({ checkSchemas: () => [{ path: ['replicas'], because: 'must be integer' }] });
  expect(answer).toMatchObject({
    ok: false,
    answer: {
      outcome: 'blocked',
      failure: {
        code: 'values-broken',
        because: expect.stringContaining(`${NAME} version 3, line 2: replicas must be integer`),
      },
    },
  });
});

test('a chart that cannot be read blocks, naming its version', async () => {
  const readChart = () => ({ ok: false, code: 'template-broken', because: 'Chart.yaml line 2: no name' }) as const;
  expect(await prepared({ readChart })).toMatchObject({
    answer: { failure: { code: 'template-broken', because: expect.stringMatching(/ 1\.4\.2: Chart\.yaml line 2/) } },
  });
});

test("what helm's record cannot hold is refused before anything is applied, naming the files", async () => {
  const recordSize = () => ({ bytes: 2 ** 21, parts: new Map([['files/big.json', 2 ** 21]]) });
  const large = await prepared({ recordSize }, new Uint8Array(2 ** 20));
  expect(large).toMatchObject({
    answer: { failure: { code: 'release-too-large', because: expect.stringContaining('files/big.json') } },
  });
  // What is small is not even measured.
  const measured = () => {
    throw new Error('measured');
  };
  expect(await prepared({ recordSize: measured })).toMatchObject({ ok: true, chart: aChart() });
});
