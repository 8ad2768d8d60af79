/** What one environment would get, against what it has. */
import { beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../../../adapters/canonical-json.ts';
import { readLayer } from '../../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../../adapters/memory/memory-objects.ts';
import { memorySecrets } from '../../../../adapters/memory/memory-secrets.ts';
import { type MemoryTable, memoryTable } from '../../../../adapters/memory/memory-table.ts';
import { EffectiveValues } from '../../../../contracts/api/effective.ts';
import type { Inputs } from '../../../../domain/items/deployment.ts';
import { keys } from '../../../../domain/keys.ts';
import { create } from '../../../../domain/table.ts';
import type { Deps } from '../../../../lambdas/deploy-release/deps.ts';
import { showValues } from '../../../../lambdas/deploy-release/preview/show-values.ts';
import { plainValues } from '../../../support/deployer/values-deps.ts';
import { aChart, aDeployment, aRelease, OTHER_ROLLOUT, someInputs } from '../../../support/items.ts';

const PLAN = '01JD0Z5Q6X3N8V7T2K4M9R1B0V';
const NAME = 'webui-service-helm-values';
const SECRETS = 'webui-service-helm-secrets';
const digest: Deps['digest'] = async (content) => `hmac-sha256:${Buffer.from(content).toString('hex')}`;

let table: MemoryTable;
let plans: ReturnType<typeof memoryObjects>;
let secrets: ReturnType<typeof memorySecrets>;
beforeEach(() => {
  [table, plans, secrets] = [memoryTable(), memoryObjects(), memorySecrets()];
});

const deps = () =>
  ({
    table,
    plans,
    secrets: secrets.of,
    digest,
    readLayer,
    canonical: canonicalJson,
    ...plainValues,
    readChart: () => ({ ok: true, chart: aChart({ values: { replicas: 1, colour: 'grey' } }) }),
    charts: { pull: async () => ({ pulled: true, archive: new Uint8Array() }) },
  }) as unknown as Deps;

/** Layers of this text, at a version. */
async function layers(text: string, version: number): Promise<Inputs['layers']> {
  const copy = `plans/${PLAN}/layers/${version}`;
  await plans.putOnce(copy, text);
  return [{ name: NAME, version, digest: await digest(text), copy }];
}

async function planned(inputs: Partial<Inputs>) {
  const { place } = aDeployment();
  const plan = {
    v: 1,
    rolloutId: PLAN,
    package: 'webui',
    sequence: 0,
    version: '1.4.2',
    chart: 'oci://x/webui',
    chartDigest: 'sha256:1',
    timeoutMinutes: 5,
    forceConflicts: false,
    stages: [],
    deployments: [{ environment: 'dev', stage: 'all', place, deployer: 'default', inputs: someInputs(inputs) }],
  };
  await plans.putOnce(`plans/${PLAN}/plan.json`, JSON.stringify(plan));
}

async function deployed(inputs: Inputs, own: Readonly<Record<string, unknown>>) {
  await table.transact([
    create(
      keys.release('dev', 'webui'),
      aRelease({ rolloutId: OTHER_ROLLOUT, version: '1.4.2', inputsDigest: inputs.digest }),
    ),
    create(keys.deployment(OTHER_ROLLOUT, 'dev'), aDeployment({ rolloutId: OTHER_ROLLOUT, inputs })),
    create(keys.request(OTHER_ROLLOUT), {
      type: 'request',
      v: 1,
      rolloutId: OTHER_ROLLOUT,
      version: '1.4.2',
      stages: [],
      values: own,
    }),
  ]);
}

async function show() {
  const answer = await showValues(deps())({ v: 1, operation: 'values', planId: PLAN, environment: 'dev' });
  return answer.outcome === 'shown' ? EffectiveValues.parse(answer.view) : answer;
}

test('each value has its origin with parameter, version and line, and what it overrides', async () => {
  await planned({ layers: await layers('# a comment\nreplicas: 2\n', 3) });
  expect(await show()).toMatchObject({
    package: 'webui',
    environment: 'dev',
    version: '1.4.2',
    values: expect.arrayContaining([
      {
        key: 'replicas',
        value: 2,
        origin: { of: 'layer', says: `${NAME} version 3, line 2`, parameter: NAME, version: 3, line: 2 },
        overrides: [{ value: 1, origin: { of: 'chart', says: "the chart's own values" } }],
      },
      { key: 'colour', value: 'grey', origin: { of: 'chart', says: "the chart's own values" }, overrides: [] },
    ]),
    notes: ['nothing is deployed there'],
  });
});

test('what is deployed is worked out from its own frozen inputs, and what its rollout brought along stays', async () => {
  await deployed(someInputs({ layers: await layers('replicas: 2\nold: 1', 3) }), { image: { tag: 'x' } });
  await planned({ layers: await layers('replicas: 4\nnew: 1', 4) });
  const view = await show();
  if ('outcome' in view) throw new Error(view.because);
  expect(view.values.map(({ key, change, was }) => [key, change, was?.value])).toEqual(
    expect.arrayContaining([
      ['replicas', 'changed', 2],
      ['new', 'new', undefined],
      ['colour', 'same', undefined],
      ['image.tag', 'same', undefined],
    ]),
  );
  expect(view.removed).toEqual([{ key: 'old', value: 1 }]);
  expect(view.deployed).toBe('1.4.2');
});

test('a secret is its keyed digest, wherever it stands', async () => {
  secrets.put(SECRETS, 2, 'sealed', 'password: correct-horse');
  const sealed = { name: SECRETS, version: 2, digest: 'sealed', after: 1 };
  await planned({ layers: await layers('password: plain', 3), secretLayers: [sealed] });
  const view = await show();
  expect(JSON.stringify(view)).not.toContain('correct-horse');
  expect(view).toMatchObject({
    values: expect.arrayContaining([
      expect.objectContaining({ key: 'password', secret: true, digest: await digest('"correct-horse"') }),
    ]),
  });
});

test('what cannot be told of the deployed is a note, and what cannot be worked out at all is told', async () => {
  await deployed(someInputs({ layers: [{ name: NAME, version: 1, digest: 'gone', copy: 'gone' }] }), {});
  await planned({ layers: await layers('replicas: 4', 4) });
  expect(await show()).toMatchObject({
    notes: [expect.stringMatching(/^how it differs cannot be told: parameter .* version 1/)],
  });
  plans = memoryObjects();
  await planned({ layers: [{ name: NAME, version: 9, digest: 'gone', copy: 'gone' }] });
  expect(await show()).toMatchObject({ outcome: 'blocked', because: expect.stringContaining('version 9') });
});
