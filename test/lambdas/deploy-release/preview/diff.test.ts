import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../adapters/canonical-json.ts';
import { EnvironmentDiff } from '../../../../contracts/plan-diff.ts';
import type { KubeObject } from '../../../../domain/kube.ts';
import type { PreviewSight } from '../../../../domain/plan-diff/preview-sight.ts';
import { planDiffKey, planKey } from '../../../../domain/rollout/frozen-plan.ts';
import type { Leaf } from '../../../../domain/values/effective.ts';
import { diff, NotPlanned } from '../../../../lambdas/deploy-release/preview/diff.ts';
import type { DiffDeps } from '../../../../lambdas/deploy-release/preview/preview-deps.ts';
import { ROLLOUT, someInputs } from '../../../support/items.ts';
import { keptLog } from '../../../support/kept-log.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const place = { cluster: { name: 'dev', account: '0', region: 'r' }, namespace: 'web', release: 'webui' };
const plan = {
  ...{ v: 1, rolloutId: ROLLOUT, package: 'webui', sequence: 0, version: '1.4.2', chart: 'oci://x/webui' },
  ...{ chartDigest: 'sha256:a', timeoutMinutes: 5, forceConflicts: false, stages: [] },
  deployments: names.map((environment) => ({
    environment,
    stage: 'all',
    place,
    deployer: 'default',
    inputs: someInputs(),
  })),
};
const leaf = (key: string, value: unknown, secret = false): Leaf => ({
  ...{ path: key.split('.'), value, secret, overrides: [] },
  origin: {
    of: 'layer',
    layer: { of: 'package' },
    parameter: 'webui-service-helm-values',
    version: 3,
    secret: false,
    at: { line: 4, column: 1 },
  },
});
const config: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'web' } };
const rendered = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'a',
  namespace: 'web',
  content: { ...config, data: { a: 'b' } },
};
const absent = { ok: false, code: 'not-found', because: 'it is not there' } as const;

/** Nothing is installed, and one ConfigMap would come. */
const sight = (given: Partial<PreviewSight> = {}): PreviewSight => ({
  kube: { get: async () => absent },
  releases: { history: async () => ({ ok: true, value: { revisions: [] } }), revision: async () => absent },
  dryRun: { apply: async () => ({ ok: true, would: config }) },
  render: async () => ({ ok: true, manifest: '', objects: [rendered], hooks: [] }),
  kindsInCrds: async () => [],
  may: async () => ({ ok: true, value: true }),
  placeOf: async () => ({ ok: true, value: { group: '', resource: 'configmaps' } }),
  close: () => undefined,
  ...given,
});

function world(given: Partial<DiffDeps> = {}) {
  const kept = new Map<string, string>([[planKey(ROLLOUT, 'plans'), JSON.stringify(plan)]]);
  const log = keptLog();
  const deps: DiffDeps = {
    plans: {
      putOnce: async (key, content) => {
        kept.set(key, String(content));
        return 'written';
      },
      get: async (key) => {
        const content = kept.get(key);
        return content === undefined ? undefined : Buffer.from(content);
      },
    },
    now: () => new Date(),
    log,
    digest: async (content) => `hmac-sha256:${Buffer.from(content).toString('hex')}`,
    canonical: canonicalJson,
    prepare: async () => ({
      ok: true,
      inputs: { namespace: 'web', release: 'webui', archive: new Uint8Array(), values: {} },
      ...{ leaves: [], orphans: [], secrets: [], chart: { values: {} } },
    }),
    deployed: async () => ({ known: true, leaves: [], secrets: [] }),
    look: async () => ({ reached: true, sight: sight() }),
    remedy: async (_plan, { environment }, { because }) =>
      `${because}: fairlead cluster grant --environment ${environment}`,
    recordSize: () => ({ bytes: 1000, parts: new Map() }),
    ...given,
  };
  const run = (environments: readonly string[]) =>
    diff(deps)({ v: 1, planId: ROLLOUT, operation: 'diff', environments: [...environments] });
  const told = (environment: string) =>
    EnvironmentDiff.parse(JSON.parse(kept.get(planDiffKey(ROLLOUT, environment)) ?? 'null'));
  return { run, told, log };
}

test('each environment that is asked for has its file beside the plan, and the answer is small', async () => {
  const { run, told } = world();
  const { environments } = await run(['e', 'a', 'c', 'd']);
  expect(environments.toSorted((x, y) => (x.environment < y.environment ? -1 : 1))).toEqual(
    ['a', 'c', 'd', 'e'].map((environment) => ({ environment, state: 'changes' })),
  );
  expect(told('a')).toMatchObject({
    because: '1 of 1 object would change',
    objects: [{ name: 'a', change: 'create' }],
  });
});

test("one environment's trouble is its own, and its words are not told", async () => {
  const { run, told, log } = world({
    look: async (_cluster, environment) => {
      if (environment === 'b') throw new TypeError('the password is hunter2');
      return { reached: true, sight: sight() };
    },
  });
  await run(['a', 'b', 'c']);
  expect([told('a').state, told('b').state, told('c').state]).toEqual(['changes', 'errored', 'changes']);
  expect(told('b').because).toMatch(/^the deployer could not work it out \(TypeError\)/);
  expect(JSON.stringify([told('b'), log.lines])).not.toContain('hunter2');
});

test('a plan or an environment that is not there is a bug', async () => {
  const { run } = world();
  await expect(run(['nowhere'])).rejects.toThrow(NotPlanned);
  const empty = world({ plans: { putOnce: async () => 'written', get: async () => undefined } });
  await expect(empty.run(['a'])).rejects.toThrow(`there is no plan ${ROLLOUT}`);
});

test.each<[string, Partial<DiffDeps>, object]>([
  [
    'values that are missing',
    { prepare: async () => ({ ok: false, code: 'values-missing', because: 'host is missing' }) },
    { state: 'blocked', because: 'host is missing', problems: [{ code: 'values', outcome: 'values-missing' }] },
  ],
  [
    'a chart that is gone',
    { prepare: async () => ({ ok: false, code: 'chart-not-found', because: 'no chart' }) },
    { state: 'blocked', problems: [{ code: 'chart', outcome: 'chart-not-found' }] },
  ],
  [
    'a registry that does not answer',
    { prepare: async () => ({ ok: false, code: 'unreachable', because: 'no answer' }) },
    { state: 'unreachable', problems: [{ code: 'unreachable' }] },
  ],
  [
    'a cluster that is not found',
    { look: async () => ({ reached: false, because: 'no cluster dev' }) },
    { state: 'unreachable', because: 'no cluster dev' },
  ],
])('%s', async (_, given, expected) => {
  const { run, told } = world(given);
  await run(['a']);
  expect(told('a')).toMatchObject(expected);
});

const seeing = (given: Partial<PreviewSight>): Partial<DiffDeps> => ({
  look: async () => ({ reached: true, sight: sight(given) }),
});
test.each<[string, Partial<PreviewSight>, object]>([
  [
    'a release that cannot be read names the command that grants',
    {
      releases: {
        history: async () => ({ ok: false, code: 'forbidden', because: 'no' }),
        revision: async () => absent,
      },
    },
    { state: 'blocked', because: 'no: fairlead cluster grant --environment a' },
  ],
  [
    'a role that the cluster does not know',
    {
      releases: {
        history: async () => ({ ok: false, code: 'unauthorised', because: 'who?' }),
        revision: async () => absent,
      },
    },
    { state: 'blocked', problems: [{ code: 'unauthorised', outcome: 'forbidden' }] },
  ],
  [
    'a template that fails',
    { render: async () => ({ ok: false, problem: { code: 'template-broken', because: 'nil pointer' } }) },
    { state: 'blocked', problems: [{ code: 'values', outcome: 'template-broken', because: 'nil pointer' }] },
  ],
  [
    'a cluster that falls silent',
    { dryRun: { apply: async () => ({ ok: false, refusal: { code: 'unreachable', because: 'no answer' } }) } },
    { state: 'unreachable', because: 'no answer' },
  ],
  [
    'an admission webhook that knows no dry runs',
    { dryRun: { apply: async () => ({ ok: false, refusal: { code: 'no-dry-run', because: 'webhook w' } }) } },
    { state: 'changes', problems: [{ code: 'no-dry-run', blocks: false }], objects: [{ change: 'create' }] },
  ],
  [
    'a kind that comes with the first release',
    {
      dryRun: { apply: async () => ({ ok: false, refusal: { code: 'no-such-kind', because: 'x' } }) },
      render: async () => ({ ok: true, manifest: '', objects: [rendered], hooks: [], aside: 'no matches for kind' }),
      kindsInCrds: async () => ['/ConfigMap'],
    },
    {
      state: 'changes',
      problems: [],
      notes: ['rendered without the cluster, so lookups find nothing: no matches for kind'],
    },
  ],
  [
    'hooks that run with a first install, and no others',
    {
      render: async () => ({
        ...{ ok: true, manifest: '', objects: [] },
        hooks: [{ kind: 'Job', name: 'm', events: ['pre-install', 'pre-upgrade', 'pre-delete'] }],
      }),
    },
    { state: 'unchanged', hooks: ['pre-install Job m'] },
  ],
])('%s', async (_, given, expected) => {
  const { run, told } = world(seeing(given));
  await run(['a']);
  expect(told('a')).toMatchObject(expected);
});

test.each([
  [720 * 1024, 'changes', 'release-large', false],
  [1025 * 1024, 'blocked', 'release-too-large', true],
])('a record of %i bytes', async (bytes, state, code, blocks) => {
  const { run, told } = world({ recordSize: () => ({ bytes, parts: new Map([['files/big.json', 900_000]]) }) });
  await run(['a']);
  expect(told('a')).toMatchObject({
    state,
    size: { bytes },
    problems: [{ code, blocks, because: expect.stringContaining('files/big.json') }],
  });
});

test('values are told with who sets them; where one side is a secret, both are digests', async () => {
  const ready = await world()
    .run(['a'])
    .then(() => undefined);
  expect(ready).toBeUndefined();
  const { run, told } = world({
    prepare: async () => ({
      ok: true,
      inputs: { namespace: 'web', release: 'webui', archive: new Uint8Array(), values: {} },
      leaves: [
        leaf('replicas', 3),
        leaf('db.password', 'now-plain'),
        leaf('token', 'new-secret', true),
        leaf('same', 1),
      ],
      orphans: [{ path: ['typo'], origin: { of: 'rollout' }, because: 'Feature.yaml does not know it' }],
      secrets: ['new-secret'],
      chart: { values: {} },
      missing: 'it needs redis, which is not deployed there',
    }),
    deployed: async () => ({
      known: true,
      leaves: [
        leaf('replicas', 2),
        leaf('db.password', 'was-secret', true),
        leaf('gone', 'was-secret too', true),
        leaf('same', 1),
      ],
      secrets: ['was-secret'],
    }),
  });
  await run(['a']);
  const { values, problems, state } = told('a');
  const digest = { secret: true, digest: expect.stringMatching(/^hmac-sha256:/) };
  expect(values).toEqual([
    { key: 'replicas', from: { value: 2 }, to: { value: 3 }, origin: 'webui-service-helm-values version 3, line 4' },
    { key: 'db.password', from: digest, to: digest, origin: expect.any(String) },
    { key: 'token', to: digest, origin: expect.any(String) },
    { key: 'gone', from: digest },
  ]);
  expect(problems.map(({ code }) => code)).toEqual(['missing-dependency', 'orphaned-value']);
  expect(state).toBe('blocked');
  expect(JSON.stringify(told('a'))).not.toMatch(/now-plain|new-secret|was-secret/);
});

test('where nobody knows what is deployed, that is said', async () => {
  const { run, told } = world({
    deployed: async () => ({ known: false, because: 'nothing is deployed there', secrets: [] }),
  });
  await run(['a']);
  expect(told('a')).toMatchObject({ values: [], notes: ['nothing is deployed there'] });
});

test('where what is deployed cannot be worked out, nothing of it is shown', async () => {
  const live = { ...config, data: { a: 'was-secret' }, metadata: { ...config.metadata, ...owned('data') } };
  const would = { ...live, data: { a: 'plain' } };
  const { run, told } = world({
    ...seeing({
      kube: { get: async () => ({ ok: true, value: live }) },
      dryRun: { apply: async () => ({ ok: true, would }) },
    }),
    deployed: async () => ({ known: false, because: 'its layers are gone', secrets: [], unsure: true }),
  });
  await run(['a']);
  expect(told('a').objects).toMatchObject([
    { change: 'update', fields: [{ path: 'data.a', from: { secret: true }, to: { value: 'plain' } }] },
  ]);
  expect(JSON.stringify(told('a'))).not.toContain('was-secret');
});

function owned(field: string) {
  const fieldsV1 = { [`f:${field}`]: { 'f:a': {} } };
  return { managedFields: [{ manager: 'helm', operation: 'Apply', fieldsV1 }] } as object;
}
