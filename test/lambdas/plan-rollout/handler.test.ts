import { describe, expect, test } from 'vitest';
import { hmac } from '../../../adapters/aws/digest-key.ts';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../../adapters/memory/memory-parameters.ts';
import { memorySpilledLayers } from '../../../adapters/memory/memory-spilled-layers.ts';
import { type MemoryTable, memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { EnvironmentItem, PackageItem, StageRequest } from '../../../domain/items/registry.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import type { Charts, Digest } from '../../../domain/ports.ts';
import { replace, type Table, type Write } from '../../../domain/table.ts';
import type { Feature } from '../../../domain/values/feature/feature.ts';
import { type Deps, planRollout } from '../../../lambdas/plan-rollout/handler.ts';
import { aChart, anEnvironment, aPackage, aRollout, aStage, NOW, ROLLOUT, someEvents } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const EVENT = { v: 1, rolloutId: ROLLOUT, run: 1 };
const PLAN = `rollouts/${ROLLOUT}/plan.json`;
const digest: Digest = async (content) => hmac(new TextEncoder().encode('a key'), content);
const found: Charts['resolve'] = async () => ({ found: true, digest: 'sha256:chart' });
const unreachable: Charts['resolve'] = async () => ({ found: false, code: 'unreachable', because: 'no answer' });
const charts = (resolve: Charts['resolve']): Charts => ({
  resolve,
  pull: async () => ({ pulled: true, archive: new Uint8Array() }),
});

interface World {
  readonly environments?: readonly EnvironmentItem[];
  readonly packages?: readonly PackageItem[];
  readonly stages?: readonly StageRequest[];
  readonly guards?: readonly (readonly StageRequest[])[];
  readonly rollout?: RolloutItem;
}

const FOUR = ['dev', 'staging', 'prod-eu', 'prod-us'].map((name) =>
  anEnvironment({ name, labels: { tier: name.replace(/-.*/, '') } }),
);
const accepted = () => aRollout({ state: 'accepted', plan: undefined });

async function worldOf(given: World = {}) {
  const { environments = FOUR, packages = [aPackage()], stages = [aStage()], guards, rollout = accepted() } = given;
  const table = memoryTable();
  const put = (write: Omit<Extract<Write, { do: 'put' }>, 'do' | 'expect'>) =>
    table.transact([{ do: 'put', expect: 'any', ...write }]);
  for (const item of environments) await put({ key: keys.environment(item.name), item });
  for (const item of packages) await put({ key: keys.package(item.name), item });
  await put({ key: keys.rollout(ROLLOUT), item: rollout });
  await put({ key: keys.events(ROLLOUT), item: someEvents({ last: 1 }) });
  await put({
    key: keys.open('webui', 7),
    item: { type: 'open', v: 1, rev: 1, rolloutId: ROLLOUT, package: 'webui', sequence: 7 },
  });
  await put({
    key: keys.request(ROLLOUT),
    item: {
      type: 'request',
      v: 1,
      rev: 1,
      rolloutId: ROLLOUT,
      version: '1.4.2',
      stages,
      values: { replicas: 2 },
      ...(guards !== undefined && { guards }),
    },
  });
  const parameters = memoryParameters();
  const plans = memoryObjects();
  const spilled = memorySpilledLayers();
  const paused: number[] = [];
  const deps: Deps = {
    table,
    plans,
    parameters,
    charts: charts(found),
    noteReads: async () => undefined,
    readChart: () => ({ ok: true, chart: aChart() }),
    digest,
    canonical: canonicalJson,
    layerRules: { prefix: '/f/', labelOrder: ['tier'] },
    spilled,
    chartPatience: { tries: 3, pause: async (attempt) => void paused.push(attempt) },
    patience: { tries: 20, pause: async () => {} },
    now: () => NOW,
    log: keptLog(),
  };
  return { table, parameters, plans, spilled, paused, deps };
}

const deploymentsIn = (table: MemoryTable) => table.query(ranges.deployments(ROLLOUT));
const actAsIn = async (table: MemoryTable) =>
  Object.fromEntries((await deploymentsIn(table)).map(({ environment, actAs }) => [environment, actAs]));
const layersOf = async (table: MemoryTable, environment: string) =>
  (await table.get(keys.deployment(ROLLOUT, environment)))?.inputs.layers ?? [];

describe('whom helm acts as', () => {
  const environments = [
    anEnvironment({ name: 'dev', namespaceSuffix: 'dev' }),
    anEnvironment({ name: 'prod', cluster: { name: 'prod', account: '123456789012', region: 'eu-north-1' } }),
  ];

  test('is frozen with the plan, in the namespace where each deployment lands', async () => {
    const { namespaceSuffix: _, ...prod } = environments[1] ?? anEnvironment();
    const { deps, table } = await worldOf({
      environments: [environments[0] ?? anEnvironment(), prod],
      packages: [aPackage({ namespace: 'web', team: 'web-team' })],
    });
    await planRollout(deps)(EVENT);
    expect(await actAsIn(table)).toEqual({
      dev: 'system:serviceaccount:web-dev:web-team',
      prod: 'system:serviceaccount:web:web-team',
    });
  });

  test('stays what was frozen, whoever plans again after the package was changed', async () => {
    const { deps, table, plans } = await worldOf({ environments, packages: [aPackage({ team: 'web-team' })] });
    await planRollout({ ...deps, table: { ...table, transact: async () => Promise.reject(new Error('cut off')) } })(
      EVENT,
    ).catch(() => undefined);
    expect(await plans.get(PLAN)).toBeDefined();
    await table.transact([{ do: 'put', key: keys.package('webui'), item: aPackage(), expect: 'any' }]);
    await planRollout(deps)(EVENT);
    expect(new Set(Object.values(await actAsIn(table)))).not.toContain(undefined);
  });

  test('is the deployer itself where the package says nothing', async () => {
    const { deps, table } = await worldOf({ environments });
    await planRollout(deps)(EVENT);
    expect(Object.values(await actAsIn(table))).toEqual([undefined, undefined]);
  });
});

describe('a plan that was written before a retry, and not recorded', () => {
  const cutOff = async (retries: number | undefined) => {
    const world = await worldOf({ rollout: aRollout({ state: 'accepted', plan: undefined, retries }) });
    const { deps, table } = world;
    const dies = { ...table, transact: async () => Promise.reject(new Error('cut off')) };
    await planRollout({ ...deps, table: dies })(EVENT).catch(() => undefined);
    const item = anEnvironment({ name: 'dev', labels: { tier: 'dev' }, namespaceSuffix: 'elsewhere' });
    await table.transact([{ do: 'put', key: keys.environment('dev'), item, expect: 'any' }]);
    return world;
  };

  test('is not gone on with where an environment has another place by now', async () => {
    const { deps, table } = await cutOff(1);
    expect(await planRollout(deps)(EVENT)).toMatchObject({
      outcome: 'refused',
      code: 'place-taken',
      because: expect.stringMatching(/^dev .*start a new rollout$/),
    });
    expect(await deploymentsIn(table)).toEqual([]);
  });

  test('is gone on with by a run of the same try, whatever has changed in the seconds between', async () => {
    const { deps } = await cutOff(undefined);
    expect(await planRollout(deps)(EVENT)).toEqual({ outcome: 'planned' });
  });
});

describe('what came into the registry after the rollout was asked for', () => {
  const gate = { approvals: 1, authorMayApprove: false, hours: 72, statuses: [] };
  const guards = [[aStage({ name: 'careful', targets: [{ tier: 'prod' }], gate })]];

  test('stands behind the gate that keeps it, also in stages that name none', async () => {
    const { deps, table } = await worldOf({ stages: [aStage({ name: 'mine', targets: [{}] })], guards });
    expect(await planRollout(deps)(EVENT)).toEqual({ outcome: 'planned' });
    expect((await table.get(keys.rollout(ROLLOUT)))?.plan?.stages).toMatchObject([{ name: 'mine', gate }]);
  });

  test('is not reached through a weaker gate', async () => {
    const weaker = { ...gate, approvals: 0, statuses: ['mine'] };
    const stages = [aStage({ name: 'mine', targets: [{}], gate: weaker })];
    const { deps } = await worldOf({ stages, guards });
    expect(await planRollout(deps)(EVENT)).toMatchObject({
      outcome: 'refused',
      code: 'forbidden',
      because: expect.stringContaining('stands behind the gate of stage careful'),
    });
  });
});

test('where the package wants helm to run is frozen with the plan, as are its words about hooks', async () => {
  const wishes = { executor: 'codebuild', shortHooks: true } as const;
  const { deps, table } = await worldOf({ packages: [aPackage(wishes)] });
  await planRollout(deps)(EVENT);
  const planned = await deploymentsIn(table);
  expect(planned).toHaveLength(4);
  for (const deployment of planned) expect(deployment).toMatchObject(wishes);
});

describe('a plan', () => {
  test('fixes the chart by digest, and the environments per stage', async () => {
    const stages = [aStage({ name: 'early', targets: [{ tier: 'dev' }] }), aStage({ name: 'rest' })];
    const { deps, table } = await worldOf({ stages });
    expect(await planRollout(deps)(EVENT)).toEqual({ outcome: 'planned' });
    const rollout = await table.get(keys.rollout(ROLLOUT));
    expect(rollout?.plan).toMatchObject({
      key: PLAN,
      chartDigest: 'sha256:chart',
      stages: [
        { name: 'early', size: 1 },
        { name: 'rest', size: 3 },
      ],
      at: NOW.toISOString(),
    });
    const deployments = await deploymentsIn(table);
    expect(deployments.map(({ environment, stage }) => [environment, stage])).toEqual([
      ['dev', 'early'],
      ['prod-eu', 'rest'],
      ['prod-us', 'rest'],
      ['staging', 'rest'],
    ]);
    expect(deployments[0]).toMatchObject({
      state: 'pending',
      attempt: 0,
      sequence: 7,
      timeoutMinutes: 10,
      inputs: { chart: 'oci://charts.example/webui', version: '1.4.2', chartDigest: 'sha256:chart' },
    });
  });

  test('tells the queue its environments, and the history that it was made', async () => {
    const { deps, table } = await worldOf();
    await planRollout(deps)(EVENT);
    const open = await table.get(keys.open('webui', 7));
    expect(open?.environments).toEqual(['dev', 'prod-eu', 'prod-us', 'staging']);
    expect(await table.query(ranges.events(ROLLOUT))).toMatchObject([{ number: 2, kind: 'rollout-planned' }]);
  });

  test('freezes the layers that exist, weakest first, by version, digest and a copy of their bytes', async () => {
    const { deps, table, parameters, plans } = await worldOf();
    parameters.put('/f/webui-service-helm-values.environment.dev', 'c: 3');
    parameters.put('/f/webui-service-helm-values', 'old');
    parameters.put('/f/webui-service-helm-values', 'a: 1');
    parameters.put('/f/webui-service-helm-values.label.tier.dev', 'b: 2');
    parameters.put('/f/webui-service-helm-secrets', 'never: read', true);
    await planRollout(deps)(EVENT);
    const layers = await layersOf(table, 'dev');
    expect(layers.map(({ name, version }) => [name, version])).toEqual([
      ['/f/webui-service-helm-values', 2],
      ['/f/webui-service-helm-values.label.tier.dev', 1],
      ['/f/webui-service-helm-values.environment.dev', 1],
    ]);
    expect((await layersOf(table, 'staging')).map(({ name }) => name)).toEqual(['/f/webui-service-helm-values']);
    for (const layer of layers) {
      const copy = (await plans.get(layer.copy)) ?? new Uint8Array();
      expect(layer.digest).toBe(await digest(copy));
    }
  });

  test('stands in the bucket with the digest that the rollout has', async () => {
    const { deps, table, plans } = await worldOf();
    await planRollout(deps)(EVENT);
    const file = (await plans.get(PLAN)) ?? '';
    expect((await table.get(keys.rollout(ROLLOUT)))?.plan?.digest).toBe(await digest(file));
  });

  test('gives equal inputs equal digests, and other layers others', async () => {
    const { deps, table, parameters } = await worldOf();
    parameters.put('/f/webui-service-helm-values.environment.dev', 'a: 1');
    await planRollout(deps)(EVENT);
    const digests = (await deploymentsIn(table)).map(({ inputs }) => inputs.digest);
    expect(digests[0]).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(2);
    expect(digests[1]).toBe(digests[2]);
  });

  test('is not stopped by a layer that is no YAML: that blocks its own deployments', async () => {
    const { deps, parameters } = await worldOf();
    parameters.put('/f/webui-service-helm-values', '{ broken: [');
    expect(await planRollout(deps)(EVENT)).toEqual({ outcome: 'planned' });
  });

  test('of 200 environments is written whole', async () => {
    const environments = Array.from({ length: 200 }, (_, i) => anEnvironment({ name: `e${i}` }));
    const { deps, table } = await worldOf({ environments });
    await planRollout(deps)(EVENT);
    expect(await deploymentsIn(table)).toHaveLength(200);
    expect((await table.get(keys.open('webui', 7)))?.environments).toHaveLength(200);
  });
});

describe('a refusal', () => {
  test.each<[string, World, Partial<Deps>, object]>([
    ['no environment matches', { stages: [aStage({ targets: [{ ring: 'x' }] })] }, {}, { code: 'nothing-matched' }],
    ['a place is taken', { packages: [aPackage(), aPackage({ name: 'b' })] }, {}, { code: 'place-taken' }],
    ['the package has gone', { packages: [] }, {}, { code: 'chart-not-found' }],
    [
      'the chart is not there',
      {},
      { charts: charts(async () => ({ found: false, code: 'chart-not-found', because: 'no 1.4.2' })) },
      { code: 'chart-not-found', because: 'no 1.4.2' },
    ],
    ['the registry stays silent', {}, { charts: charts(unreachable) }, { code: 'unreachable' }],
  ])('says that %s, and leaves nothing behind', async (_, world, given, expected) => {
    const { deps, table, plans } = await worldOf(world);
    expect(await planRollout({ ...deps, ...given })(EVENT)).toMatchObject({ outcome: 'refused', ...expected });
    expect(plans.keys()).toEqual([]);
    expect(await deploymentsIn(table)).toEqual([]);
    expect((await table.get(keys.rollout(ROLLOUT)))?.plan).toBeUndefined();
  });

  test('a registry that answers at the third try is heard', async () => {
    const { deps, paused } = await worldOf();
    const answers = [unreachable, unreachable];
    const resolve: Charts['resolve'] = (...args) => (answers.pop() ?? found)(...args);
    expect(await planRollout({ ...deps, charts: charts(resolve) })(EVENT)).toEqual({ outcome: 'planned' });
    expect(paused).toEqual([1, 2]);
  });
});

describe('planning is nobody’s business any more', () => {
  test.each<[string, RolloutItem]>([
    ['when it is planned', aRollout()],
    ['when another run is the current one', { ...accepted(), run: 2 }],
    ['when the rollout was aborted', { ...accepted(), abort: { by: 'x', reason: 'y', at: NOW.toISOString() } }],
    ['when the rollout is over', { ...accepted(), state: 'errored' }],
  ])('%s: Decide is to see why', async (_, rollout) => {
    const { deps, table, plans } = await worldOf({ rollout });
    expect(await planRollout(deps)(EVENT)).toEqual({ outcome: 'planned' });
    expect(plans.keys()).toEqual([]);
    expect(await table.get(keys.rollout(ROLLOUT))).toEqual(rollout);
  });

  test('an abort while the deployments are written stops the writing', async () => {
    const { deps, table } = await worldOf();
    let transactions = 0;
    const aborting: Table = {
      ...table,
      async transact(writes) {
        const rollout = await table.get(keys.rollout(ROLLOUT));
        if (++transactions === 1 && rollout !== undefined) {
          const abort = { by: 'x', reason: 'y', at: NOW.toISOString() };
          await table.transact([replace(keys.rollout(ROLLOUT), rollout, { abort })]);
        }
        return table.transact(writes);
      },
    };
    expect(await planRollout({ ...deps, table: aborting })(EVENT)).toEqual({ outcome: 'planned' });
    expect(await deploymentsIn(table)).toEqual([]);
    expect((await table.get(keys.rollout(ROLLOUT)))?.plan).toBeUndefined();
  });
});

describe('cut off anywhere and called again, planning', () => {
  /** Lets `survived` calls of a port through, then dies once. */
  const dying = (survived: number) => {
    let calls = 0;
    return <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (++calls === survived) throw new Error('the process was killed');
        return call(...args);
      };
  };

  test.each(Array.from({ length: 7 }, (_, i) => i + 1))(
    'ends in one and the same plan (killed at call %i)',
    async (at) => {
      const environments = Array.from({ length: 100 }, (_, i) => anEnvironment({ name: `e${i}` }));
      const { deps, table, plans, parameters } = await worldOf({ environments });
      parameters.put('/f/webui-service-helm-values', 'a: 1');
      const die = dying(at);
      const mortal = {
        ...deps,
        table: { ...table, transact: die(table.transact) },
        plans: { get: die(plans.get), putOnce: die(plans.putOnce) },
        parameters: { ...parameters, latest: die(parameters.latest) },
      };
      await expect(planRollout(mortal)(EVENT)).rejects.toThrow('the process was killed');
      const frozenBefore = await plans.get(PLAN);
      parameters.put('/f/webui-service-helm-values', 'a: 2');
      expect(await planRollout(deps)(EVENT)).toEqual({ outcome: 'planned' });
      expect(await deploymentsIn(table)).toHaveLength(100);
      if (frozenBefore !== undefined) expect(await plans.get(PLAN)).toEqual(frozenBefore);
      const planned = (await table.query(ranges.events(ROLLOUT))).filter(({ kind }) => kind === 'rollout-planned');
      expect(planned).toHaveLength(1);
      const versions = (await deploymentsIn(table)).map(({ inputs }) => inputs.layers[0]?.version);
      expect(new Set(versions).size).toBe(1);
    },
  );

  test('twice side by side makes one plan', async () => {
    const { deps, table } = await worldOf();
    const [one, two] = await Promise.all([planRollout(deps)(EVENT), planRollout(deps)(EVENT)]);
    expect([one, two]).toEqual([{ outcome: 'planned' }, { outcome: 'planned' }]);
    expect(await table.query(ranges.events(ROLLOUT))).toHaveLength(1);
  });
});

test('a run of a rollout that is not there is an error, not a plan', async () => {
  const { deps } = await worldOf();
  const event = { ...EVENT, rolloutId: ROLLOUT.replace(/.$/, 'Z') };
  await expect(planRollout(deps)(event)).rejects.toMatchObject({ name: 'RolloutNotFound' });
});

test('no value of any layer is logged', async () => {
  const { deps, parameters } = await worldOf();
  const log = keptLog();
  parameters.put('/f/webui-service-helm-values', 'password: hunter2');
  await planRollout({ ...deps, log })(EVENT);
  expect(log.lines.join('\n')).not.toContain('hunter2');
  expect(log.lines).not.toEqual([]);
});

describe("a chart's Feature.yaml", () => {
  const feature: Feature = { environmentKinds: ['tenant'], dependencies: [], values: [] };
  const with_ = (given: Partial<Feature> = {}) => ({
    readChart: () => ({ ok: true as const, chart: aChart({ feature: { ...feature, ...given } }) }),
  });
  const tenants = [
    anEnvironment({ name: 'one', kind: 'tenant', tenant: 'acme' }),
    anEnvironment({ name: 'ops', kind: 'management', tenant: 'acme' }),
    anEnvironment({ name: 'bare' }),
  ];

  test('leaves out environments of other kinds, and says which', async () => {
    const world = await worldOf({ environments: tenants });
    expect(await planRollout({ ...world.deps, ...with_() })(EVENT)).toEqual({ outcome: 'planned' });
    expect((await deploymentsIn(world.table)).map(({ environment }) => environment)).toEqual(['one']);
    const events = await world.table.query(ranges.events(ROLLOUT));
    expect(events.at(-1)?.text).toMatch(
      /into 1 environment .*, not for bare \(has no kind; Feature.yaml names tenant\), ops \(is of kind management/,
    );
  });

  test('refuses where no environment is left', async () => {
    const world = await worldOf({ environments: tenants });
    const plan = planRollout({ ...world.deps, ...with_({ environmentKinds: ['onprem'] }) });
    expect(await plan(EVENT)).toMatchObject({
      outcome: 'refused',
      code: 'nothing-matched',
      because: expect.stringContaining('Feature.yaml names onprem'),
    });
  });

  test("freezes what templates may know: the tenant's environments, with secrets as pointers", async () => {
    const world = await worldOf({ environments: tenants });
    world.parameters.put('one-environment-secret.token', 'correct-horse', true);
    const value = { type: 'environmentValue', v: 1, rev: 1, environment: 'one', updatedAt: '', updatedBy: '' } as const;
    const secret = { parameter: 'one-environment-secret.token', version: 1 };
    for (const item of [
      { ...value, key: 'zone', value: 'a' },
      { ...value, key: 'token', secret },
    ]) {
      await world.table.transact([{ do: 'put', key: keys.environmentValue('one', item.key), item, expect: 'any' }]);
    }
    await planRollout({ ...world.deps, ...with_() })(EVENT);
    const [deployment] = await deploymentsIn(world.table);
    const copy = await world.plans.get(deployment?.inputs.facts?.copy ?? '');
    const text = new TextDecoder().decode(copy);
    expect(text).not.toContain('correct-horse');
    expect(JSON.parse(text)).toMatchObject({
      tenant: 'acme',
      environments: [
        {
          name: 'one',
          values: { zone: 'a' },
          secrets: { token: { ...secret, digest: expect.stringMatching(/^hmac/) } },
        },
        { name: 'ops', kind: 'management' },
      ],
    });
    expect(deployment?.inputs.facts?.digest).toBe(await digest(text));
  });

  test('a changed value of an environment is another input', async () => {
    const digestOf = async (zone: string) => {
      const world = await worldOf({ environments: tenants });
      const item = {
        type: 'environmentValue',
        v: 1,
        rev: 1,
        environment: 'one',
        key: 'zone',
        value: zone,
        updatedAt: '',
        updatedBy: '',
      } as const;
      await world.table.transact([{ do: 'put', key: keys.environmentValue('one', 'zone'), item, expect: 'any' }]);
      await planRollout({ ...world.deps, ...with_() })(EVENT);
      return (await deploymentsIn(world.table))[0]?.inputs.digest;
    };
    expect(await digestOf('a')).toBe(await digestOf('a'));
    expect(await digestOf('a')).not.toBe(await digestOf('b'));
  });

  test('has its own timeout count, within an hour', async () => {
    const minutes = async (timeoutSeconds: number) => {
      const world = await worldOf({ environments: tenants });
      await planRollout({ ...world.deps, ...with_({ timeoutSeconds }) })(EVENT);
      return (await deploymentsIn(world.table))[0]?.timeoutMinutes;
    };
    expect(await minutes(90)).toBe(1.5);
    expect(await minutes(36_000)).toBe(60);
  });

  test('that is broken refuses the plan, naming chart and line', async () => {
    const world = await worldOf();
    const because = 'Feature.yaml line 3: no such property';
    const readChart = () => ({ ok: false as const, code: 'values-broken' as const, because });
    expect(await planRollout({ ...world.deps, readChart })(EVENT)).toMatchObject({
      outcome: 'refused',
      code: 'values-broken',
      because: expect.stringMatching(/^chart oci:.* 1\.4\.2: Feature\.yaml line 3/),
    });
  });
});

test('a layer of secrets is frozen by its ciphertext, behind the layers that are weaker, and has no copy', async () => {
  const world = await worldOf();
  world.parameters.put('/f/webui-service-helm-values', 'a: 1');
  world.parameters.put('/f/webui-service-helm-secrets', 'password: correct-horse', true);
  world.parameters.put('/f/webui-service-helm-secrets.environment.dev', 'password: other-horse', true);
  world.parameters.put('/f/webui-service-helm-values.environment.dev', 'a: 2');
  await planRollout(world.deps)(EVENT);
  const dev = (await deploymentsIn(world.table)).find(({ environment }) => environment === 'dev');
  expect(dev?.inputs.secretLayers?.map(({ name, version, after }) => [name, version, after])).toEqual([
    ['/f/webui-service-helm-secrets', 1, 1],
    ['/f/webui-service-helm-secrets.environment.dev', 1, 2],
  ]);
  expect(JSON.stringify(dev)).not.toContain('horse');
});

describe('a layer that is not kept as its name says', () => {
  test.each([
    ['/f/webui-service-helm-secrets', false, /version 1, is a String that others may read.*values put --secret/],
    ['/f/webui-service-helm-values.environment.dev', true, /version 1, is a SecureString, which nobody here can read/],
  ])('%s: the plan is refused, nothing is frozen, and nothing in it is told', async (name, secret, because) => {
    const world = await worldOf();
    world.parameters.put(name, 'password: correct-horse', secret);
    const answer = await planRollout(world.deps)(EVENT);
    expect(answer).toMatchObject({
      outcome: 'refused',
      code: 'values-broken',
      because: expect.stringMatching(because),
    });
    expect(JSON.stringify(answer)).toContain(name);
    expect(JSON.stringify(answer)).not.toContain('horse');
    expect(await deploymentsIn(world.table)).toEqual([]);
  });
});
