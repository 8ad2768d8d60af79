/** What a deployment's frozen inputs come to in the deployer's memory. */
import { beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import { type MemoryTable, memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { Inputs } from '../../../domain/items/deployment.ts';
import { keys } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import type { ChartContent } from '../../../domain/values/chart-content.ts';
import type { TenantFacts } from '../../../domain/values/feature/facts.ts';
import type { Feature } from '../../../domain/values/feature/feature.ts';
import { type Gathering, gatherValues } from '../../../lambdas/deploy-release/gather-values.ts';
import { ownValuesOf } from '../../../lambdas/deploy-release/own-values.ts';
import { plainValues, realValues } from '../../support/deployer/values-deps.ts';
import { aChart, aDeployment, aPackage, OTHER_ROLLOUT, ROLLOUT, someInputs } from '../../support/items.ts';

const digest = async (content: string | Uint8Array) =>
  `digest of ${typeof content === 'string' ? content : new TextDecoder().decode(content)}`;
let table: MemoryTable;
let plans: ReturnType<typeof memoryObjects>;
let secrets: ReturnType<typeof memorySecrets>;
beforeEach(async () => {
  [table, plans, secrets] = [memoryTable(), memoryObjects(), memorySecrets()];
  await table.transact([
    create(keys.package('webui'), { ...aPackage({ references: ['ssm:/shared/*'] }), rev: undefined } as never),
  ]);
});

const deps = () => ({ table, plans, secrets: secrets.of, digest, readLayer, canonical: canonicalJson, ...plainValues });
const layer = (name: string, text: string, version = 1) => ({
  name,
  version,
  digest: `digest of ${text}`,
  copy: `c/${name}`,
});
const BASE = 'webui-service-helm-values';
const SECRETS = 'webui-service-helm-secrets';

interface Given {
  readonly inputs?: Partial<Inputs>;
  readonly own?: Readonly<Record<string, unknown>>;
  readonly chart?: Partial<ChartContent>;
  readonly pulled?: readonly { name: string; version: number; value: string }[];
  readonly engine?: boolean;
}

async function gather({ inputs = {}, own = {}, chart = {}, pulled = [], engine = false }: Given) {
  const what: Gathering = { package: 'webui', environment: 'dev', labels: {}, inputs: someInputs(inputs), own };
  const all = engine ? { ...deps(), engine: realValues().engine } : deps();
  return gatherValues(all as never, aChart(chart), what, pulled);
}
const valuesOf = (answer: Awaited<ReturnType<typeof gather>>) => (answer.ok ? answer.resolved.values : answer.answer);

describe('layers', () => {
  test('what was pulled counts where it is what was planned, else the frozen copy', async () => {
    const layers = [layer(BASE, 'a: 1'), layer(`${BASE}.environment.dev`, 'b: 2')];
    await plans.putOnce(`c/${BASE}.environment.dev`, 'b: 2');
    const pulled = [
      { name: BASE, version: 1, value: 'a: 1' },
      { name: `${BASE}.environment.dev`, version: 1, value: 'b: made anew' },
    ];
    expect(valuesOf(await gather({ inputs: { layers }, pulled }))).toEqual({ a: 1, b: 2 });
  });

  test('one that is neither there nor copied blocks, by name and version', async () => {
    expect(valuesOf(await gather({ inputs: { layers: [layer(BASE, 'a: 1', 3)] } }))).toMatchObject({
      outcome: 'blocked',
      failure: { code: 'values-missing', because: expect.stringContaining(`parameter ${BASE}, version 3`) },
    });
  });

  test('a broken one blocks with its line', async () => {
    const pulled = [{ name: BASE, version: 1, value: 'a: 1\na: 2' }];
    expect(valuesOf(await gather({ inputs: { layers: [layer(BASE, 'a: 1\na: 2')] }, pulled }))).toMatchObject({
      outcome: 'blocked',
      failure: { code: 'values-broken', because: expect.stringMatching(/version 1 .*line 2/) },
    });
  });
});

test('a layer whose bytes are no text blocks by name and version, instead of coming out as something that nobody wrote', async () => {
  const bytes = Uint8Array.from([...Buffer.from('a: caf'), 0xe9]);
  await plans.putOnce(`c/${BASE}`, bytes);
  const layers = [{ ...layer(BASE, ''), digest: await digest(bytes) }];
  expect(valuesOf(await gather({ inputs: { layers } }))).toMatchObject({
    outcome: 'blocked',
    failure: { code: 'values-broken', because: `${BASE} version 1 is not UTF-8 text` },
  });
});

describe('secret layers', () => {
  test('go right behind as many of the others as were weaker, and what they hold is named as secret', async () => {
    secrets.put(SECRETS, 4, 'digest of sealed', 'password: correct-horse\nb: secret layer');
    const layers = [layer(BASE, 'a: 1\nb: 1\npassword: x'), layer(`${BASE}.environment.dev`, 'b: 2')];
    for (const { name, digest: of } of layers) await plans.putOnce(`c/${name}`, of.slice('digest of '.length));
    const secretLayers = [{ name: SECRETS, version: 4, digest: 'digest of sealed', after: 1 }];
    const answer = await gather({ inputs: { layers, secretLayers } });
    expect(valuesOf(answer)).toEqual({ a: 1, b: 2, password: 'correct-horse' });
    expect(answer.ok && answer.resolved.secrets).toContain('correct-horse');
    expect(answer.ok && answer.resolved.leaves.find(({ path }) => path[0] === 'password')).toMatchObject({
      secret: true,
      origin: { of: 'layer', parameter: SECRETS, version: 4, secret: true },
    });
  });

  test('whose ciphertext is another one block, and nothing of them is told', async () => {
    secrets.put(SECRETS, 4, 'digest of other', 'password: correct-horse');
    const answer = await gather({
      inputs: { secretLayers: [{ name: SECRETS, version: 4, digest: 'digest of sealed', after: 0 }] },
    });
    expect(valuesOf(answer)).toMatchObject({ outcome: 'blocked', failure: { code: 'values-missing' } });
    expect(JSON.stringify(answer)).not.toContain('correct-horse');
  });

  test('that cannot be reached are tried again', async () => {
    secrets.silence('no route');
    const answer = await gather({ inputs: { secretLayers: [{ name: SECRETS, version: 4, digest: 'd', after: 0 }] } });
    expect(valuesOf(answer)).toMatchObject({ outcome: 'unreachable' });
  });
});

describe('references', () => {
  const referring = async (text: string, own = {}) => {
    await plans.putOnce(`c/${BASE}`, `db:\n  password: ${text}`);
    return gather({ inputs: { layers: [layer(BASE, `db:\n  password: ${text}`)] }, own });
  };

  test('become what they refer to', async () => {
    secrets.refer('ssm:/shared/db', 'correct-horse');
    expect(valuesOf(await referring('ssm:/shared/db'))).toEqual({ db: { password: 'correct-horse' } });
  });

  test('that are overridden are not followed', async () => {
    expect(valuesOf(await referring('ssm:/shared/gone', { db: { password: 'own' } }))).toEqual({
      db: { password: 'own' },
    });
  });

  test("to another package's secret block, naming parameter, version, line and key", async () => {
    secrets.refer('ssm:other-service-helm-secrets', 'correct-horse');
    const answer = await referring('ssm:other-service-helm-secrets');
    expect(valuesOf(answer)).toMatchObject({
      outcome: 'blocked',
      failure: {
        code: 'forbidden',
        because: expect.stringMatching(new RegExp(`^${BASE} version 1, line 2: db\\.password: `)),
      },
    });
  });
});

describe("a chart's Feature.yaml", () => {
  const feature: Feature = {
    environmentKinds: ['tenant'],
    dependencies: [],
    values: [
      {
        key: 'host',
        path: ['host'],
        required: false,
        computed: { template: '{{ .Env.name }}.{{ .Env.zone }}' },
        ignoreKind: [],
      },
      {
        key: 'token',
        path: ['token'],
        required: false,
        computed: { template: 'token-{{ .Env.token }}' },
        ignoreKind: [],
      },
    ],
  };
  const facts = (secret?: string): TenantFacts => ({
    v: 1,
    environments: [
      {
        name: 'dev',
        kind: 'tenant',
        labels: {},
        values: { zone: 'example.test' },
        secrets:
          secret === undefined
            ? {}
            : { token: { parameter: 'dev-environment-secret.token', version: 2, digest: 'digest of sealed' } },
      },
    ],
  });
  const frozen = async (of: TenantFacts) => {
    const text = canonicalJson(of);
    await plans.putOnce('c/facts', text);
    return { digest: await digest(text), copy: 'c/facts' };
  };

  test('computes from what was frozen of the environments; what depends on a secret is one', async () => {
    secrets.put('dev-environment-secret.token', 2, 'digest of sealed', 'correct-horse');
    const answer = await gather({ chart: { feature }, inputs: { facts: await frozen(facts('sealed')) }, engine: true });
    expect(valuesOf(answer)).toMatchObject({ host: 'dev.example.test', token: 'token-correct-horse' });
    const secret = answer.ok && answer.resolved.leaves.filter((leaf) => leaf.secret).map(({ path }) => path.join('.'));
    expect(secret).toEqual(['token']);
  });

  test('computes nothing from anything else', async () => {
    const of = { ...(await frozen(facts())), digest: 'digest of something else' };
    expect(valuesOf(await gather({ chart: { feature }, inputs: { facts: of }, engine: true }))).toMatchObject({
      outcome: 'blocked',
      failure: { code: 'values-missing' },
    });
  });
});

describe('own values', () => {
  const request = (rolloutId: string, values: Readonly<Record<string, unknown>>) =>
    create(keys.request(rolloutId), { type: 'request', v: 1, rolloutId, version: '1.4.2', stages: [], values });

  test("a rollback's deployment has those of the rollout that it goes back to", async () => {
    await table.transact([request(ROLLOUT, { of: 'the rollback' }), request(OTHER_ROLLOUT, { of: 'then' })]);
    const inputs = someInputs({ valuesOf: OTHER_ROLLOUT });
    expect(await ownValuesOf({ table }, aDeployment({ inputs }))).toEqual({ ok: true, own: { of: 'then' } });
    expect(await ownValuesOf({ table }, aDeployment())).toEqual({ ok: true, own: { of: 'the rollback' } });
  });

  test('and nothing is applied without them', async () => {
    const gone = '01JD0Z5Q6X3N8V7T2K4M9R1B0Z';
    expect(await ownValuesOf({ table }, aDeployment({ inputs: someInputs({ valuesOf: gone }) }))).toMatchObject({
      ok: false,
      answer: { failure: { code: 'values-missing', because: expect.stringContaining(`rollout ${gone}`) } },
    });
  });
});
