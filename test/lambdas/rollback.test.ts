/** Rollbacks from the API's call to the end of their deployments: the real functions on one table in memory. */

import { beforeEach, describe, expect, test } from 'vitest';
import { hmac } from '../../adapters/aws/digest-key.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../adapters/memory/memory-parameters.ts';
import { memorySpilledLayers } from '../../adapters/memory/memory-spilled-layers.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Charts, Digest } from '../../domain/ports.ts';
import { replace } from '../../domain/table.ts';
import { beginTry } from '../../lambdas/begin-deployment/handler.ts';
import { finishTry } from '../../lambdas/finish-deployment/handler.ts';
import { planRollout } from '../../lambdas/plan-rollout/handler.ts';
import { CALENDAR } from '../support/calendar.ts';
import { DEPLOYERS } from '../support/deployment-table.ts';
import { aChart } from '../support/items.ts';
import { keptLog } from '../support/kept-log.ts';
import { READER, registered, SOURCE, type TestApi } from './answer-request/support.ts';

const LAYER = '/f/webui-service-helm-values';
const digest: Digest = async (content) => hmac(new TextEncoder().encode('a key'), content);

let api: TestApi;
let parameters: ReturnType<typeof memoryParameters>;
let plans: ReturnType<typeof memoryObjects>;
/** Versions that the registry does not have any more. */
let pulled: Set<string>;
let revision: number;

beforeEach(async () => {
  api = await registered();
  parameters = memoryParameters();
  plans = memoryObjects();
  pulled = new Set();
  revision = 0;
  parameters.put(LAYER, 'colour: blue');
});

const charts: Charts = {
  resolve: async (_, version) => ({ found: true, digest: `sha256:${version}` }),
  pull: async (_, chartDigest) =>
    pulled.has(chartDigest)
      ? { pulled: false, code: 'chart-not-found', because: `${chartDigest} is not there` }
      : { pulled: true, archive: new Uint8Array() },
};

async function plan(id: string) {
  const { table, deps } = api;
  const { patience, now } = deps;
  const chartPatience = { tries: 1, pause: async () => {} };
  const layerRules = { prefix: '/f/', labelOrder: [] };
  const readChart = () => ({ ok: true as const, chart: aChart() });
  const own = {
    readChart,
    noteReads: async () => undefined,
    table,
    plans,
    parameters,
    charts,
    digest,
    canonical: canonicalJson,
    layerRules,
    chartPatience,
  };
  return planRollout({ ...own, spilled: memorySpilledLayers(), patience, now, log: keptLog() })({
    v: 1,
    rolloutId: id,
    run: 1,
  });
}

/** One try at each deployment, which helm brings about unless Begin says no; answers the outcomes by environment. */
async function deploy(id: string) {
  const { table, deps } = api;
  const { patience, now } = deps;
  const common = { table, patience, now, log: keptLog(), deployers: DEPLOYERS, calendar: CALENDAR };
  for (const deployment of await table.query(ranges.deployments(id))) {
    const { environment } = deployment;
    await table.transact([replace(keys.deployment(id, environment), deployment, { attempt: 1 })]);
    const which = { v: 1, rolloutId: id, environment, attempt: 1 };
    const { outcome } = await beginTry(common)(which);
    if (outcome !== 'begun') continue;
    revision += 1;
    await finishTry(common)({ ...which, result: { is: 'ready', revision, because: 'all ready' } });
  }
  const ended = await table.query(ranges.deployments(id));
  return Object.fromEntries(ended.map(({ environment, state, outcome }) => [environment, { state, ...outcome }]));
}

const targets = [{ target: { ring: 'dev' } }];
async function rollOut(version: string, more: object = {}) {
  const { body } = await api.call('POST', '/packages/webui/rollouts', { body: { version, targets, ...more } });
  expect(await plan(body.id)).toEqual({ outcome: 'planned' });
  return { id: body.id, ended: await deploy(body.id) };
}
async function rollBack(more: object = {}) {
  const body = { to: 'last-good', reason: 'checkout fails', targets, ...more };
  const answer = await api.call('POST', '/packages/webui/rollbacks', { body });
  expect(answer.status).toBe(202);
  return answer.body.id as string;
}
const inputsIn = async (id: string, environment = 'dev') =>
  (await api.table.get(keys.deployment(id, environment)))?.inputs;

describe('a rollback to the last good inputs', () => {
  test('takes them over whole, though parameter and registry have moved on, and says whose values they have', async () => {
    const first = await rollOut('1.0.0', { values: { replicas: 2 } });
    parameters.put(LAYER, 'colour: red');
    await rollOut('2.0.0');
    const back = await rollBack();
    expect(await plan(back)).toEqual({ outcome: 'planned' });
    expect(await inputsIn(back)).toEqual({ ...(await inputsIn(first.id)), valuesOf: first.id });
    expect(await api.table.get(keys.rollout(back))).toMatchObject({
      version: '1.0.0',
      sequence: 3,
      rollback: { to: 'last-good', reason: 'checkout fails', by: 'fairlead-operator/ada' },
    });
    expect(await deploy(back)).toMatchObject({ dev: { state: 'succeeded' } });
  });

  test('holds: the same inputs are blocked with the way out, others pass, and lifting lets the same ones in', async () => {
    await rollOut('1.0.0');
    await rollOut('2.0.0');
    const back = await rollBack();
    await plan(back);
    await deploy(back);
    const again = await rollOut('2.0.0');
    expect(again.ended['dev']).toMatchObject({ state: 'blocked', code: 'quarantined' });
    expect(again.ended['dev']?.because).toContain('2.0.0 was rolled back by fairlead-operator/ada: checkout fails');
    expect(again.ended['dev']?.because).toContain('fairlead lift webui dev');
    expect((await rollOut('2.0.0', { values: { fixed: true } })).ended['dev']).toMatchObject({ state: 'succeeded' });
    const lifted = await api.call('POST', '/environments/dev/packages/webui/lift', { body: { reason: 'was not it' } });
    expect(lifted.body).toMatchObject({ quarantines: [{ version: '2.0.0', rollout: back }] });
    expect((await rollOut('2.0.0')).ended['dev']).toMatchObject({ state: 'succeeded' });
    const history = await api.table.query(ranges.events(back));
    expect(history.at(-1)).toMatchObject({ kind: 'quarantine-lifted', text: expect.stringContaining('was not it') });
  });

  test('of a rollback goes on to what was good before that, never to what is quarantined', async () => {
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) await rollOut(version);
    for (const version of ['2.0.0', '1.0.0']) {
      const back = await rollBack();
      expect(await plan(back)).toEqual({ outcome: 'planned' });
      expect((await inputsIn(back))?.version).toBe(version);
      await deploy(back);
    }
    const one = await rollBack();
    expect(await plan(one)).toMatchObject({ outcome: 'refused', code: 'quarantined' });
  });

  test('of a first install is refused with words, and nothing is touched', async () => {
    await rollOut('1.0.0');
    const back = await rollBack();
    const answer = await plan(back);
    expect(answer).toMatchObject({ outcome: 'refused', code: 'inputs-gone' });
    expect(answer).toMatchObject({ because: expect.stringContaining('dev has no earlier good inputs of webui') });
    expect(await api.table.query(ranges.deployments(back))).toEqual([]);
  });

  test('passes over environments where the package never was', async () => {
    await rollOut('1.0.0');
    await rollOut('2.0.0');
    const back = await rollBack({ targets: undefined });
    expect(await plan(back)).toEqual({ outcome: 'planned' });
    expect((await api.table.query(ranges.deployments(back))).map(({ environment }) => environment)).toEqual(['dev']);
    expect((await api.table.get(keys.rollout(back)))?.plan?.stages).toMatchObject([{ name: 'rollback', size: 1 }]);
  });

  test('that matches only such environments is refused', async () => {
    const back = await rollBack({ targets: [{ target: { ring: 'prod' } }] });
    const because = 'webui never was in prod-eu, prod-us: there is nothing to roll back';
    expect(await plan(back)).toEqual({ outcome: 'refused', code: 'nothing-matched', because });
  });
});

describe('a rollback to a version', () => {
  test('brings that version back where it was good, and names each environment where it was not', async () => {
    const everywhere = [{ target: { ring: 'dev' } }, { target: { ring: 'staging' } }];
    await rollOut('1.0.0');
    await rollOut('2.0.0', { targets: everywhere });
    const back = await rollBack({ to: { version: '1.0.0' }, targets: everywhere });
    const answer = await plan(back);
    expect(answer).toMatchObject({ outcome: 'refused', code: 'inputs-gone' });
    expect(answer).toMatchObject({ because: expect.stringContaining('leave staging out with --target') });
    const narrow = await rollBack({ to: { version: '1.0.0' } });
    expect(await plan(narrow)).toEqual({ outcome: 'planned' });
    expect((await inputsIn(narrow))?.version).toBe('1.0.0');
  });

  test('whose chart, or values, are gone is refused, naming them', async () => {
    const first = await rollOut('1.0.0');
    await rollOut('2.0.0');
    pulled.add('sha256:1.0.0');
    parameters.remove(LAYER);
    plans = memoryObjects();
    const request = await api.table.get(keys.request(first.id));
    if (request === undefined) throw new Error('no request');
    await api.table.transact([replace(keys.request(first.id), request, { values: { other: 1 } })]);
    const answer = await plan(await rollBack({ to: { version: '1.0.0' } }));
    expect(answer).toMatchObject({ outcome: 'refused', code: 'inputs-gone' });
    const because = 'because' in answer ? answer.because : '';
    expect(because).toContain('sha256:1.0.0 is not there');
    expect(because).toContain(`${LAYER}, version 1`);
    expect(because).toContain(`the own values of rollout ${first.id}`);
  });

  test('is refused where the package stands elsewhere now', async () => {
    await rollOut('1.0.0');
    await rollOut('2.0.0');
    const pkg = await api.table.get(keys.package('webui'));
    if (pkg === undefined) throw new Error('no package');
    await api.table.transact([replace(keys.package('webui'), pkg, { release: 'other' })]);
    const answer = await plan(await rollBack({ to: { version: '1.0.0' } }));
    expect(answer).toMatchObject({ outcome: 'refused', code: 'place-taken' });
    expect(answer).toMatchObject({ because: expect.stringContaining('roll out anew there') });
  });

  test('takes deployer and time from the registry as it is now', async () => {
    await rollOut('1.0.0');
    await rollOut('2.0.0');
    await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', timeoutMinutes: 3 } });
    const back = await rollBack({ to: { version: '1.0.0' } });
    await plan(back);
    expect(await api.table.get(keys.deployment(back, 'dev'))).toMatchObject({ timeoutMinutes: 3 });
  });
});

describe('holds', () => {
  const HOLD = '/environments/dev/packages/webui/hold';

  test('keep a package from moving, with the reason and the way out, until they are lifted', async () => {
    const held = await api.call('PUT', HOLD, { body: { reason: 'load test' } });
    expect(held).toMatchObject({
      status: 200,
      body: { kind: 'hold', reason: 'load test', by: 'fairlead-operator/ada' },
    });
    const { ended } = await rollOut('1.0.0');
    expect(ended['dev']).toMatchObject({ state: 'skipped', code: 'held' });
    expect(ended['dev']?.because).toContain("load test; 'fairlead lift webui dev' ends it");
    await api.call('PUT', HOLD, { body: { kind: 'disabled', reason: 'not here' } });
    expect((await rollOut('1.0.0')).ended['dev']).toMatchObject({ state: 'skipped', code: 'disabled' });
    expect((await api.call('DELETE', HOLD)).status).toBe(204);
    expect((await rollOut('1.0.0')).ended['dev']).toMatchObject({ state: 'succeeded' });
  });

  test('are seen beside what runs there, and so is what is quarantined and what was good', async () => {
    await rollOut('1.0.0');
    await rollOut('2.0.0');
    const back = await rollBack();
    await plan(back);
    await deploy(back);
    await api.call('PUT', HOLD, { body: { reason: 'wait' } });
    const { body } = await api.call('GET', '/environments/dev/packages');
    expect(body).toMatchObject({
      releases: [
        { package: 'webui', version: '1.0.0', good: [{ version: '2.0.0' }, { version: '1.0.0', rollout: back }] },
      ],
      holds: [{ package: 'webui', reason: 'wait' }],
      quarantines: [{ package: 'webui', version: '2.0.0', rollout: back }],
    });
  });

  test('and their lifting leave a line in the audit', async () => {
    await api.call('PUT', HOLD, { body: { reason: 'wait' } });
    await api.call('POST', '/environments/dev/packages/webui/lift', { body: { reason: 'long enough' } });
    const { body } = await api.call('GET', '/audit');
    expect(body.lines.slice(-2)).toMatchObject([
      { operation: 'putHold', package: 'webui', environment: 'dev', by: { session: 'ada' }, reason: 'wait' },
      { operation: 'liftAll', package: 'webui', environment: 'dev', reason: 'long enough' },
    ]);
  });

  test.each([
    ['without a reason', { reason: ' ' }, 422],
    ['with a reason of more than 1000 characters', { reason: 'x'.repeat(1001) }, 422],
    ['of a kind that only Fairlead makes', { reason: 'so', kind: 'failed-rollback' }, 422],
  ])('%s are refused', async (_, body, status) => {
    expect((await api.call('PUT', HOLD, { body })).status).toBe(status);
  });

  test('of what is not registered are refused', async () => {
    const none = { body: { reason: 'so' } };
    expect((await api.call('PUT', '/environments/none/packages/webui/hold', none)).status).toBe(404);
    expect((await api.call('PUT', '/environments/dev/packages/none/hold', none)).status).toBe(404);
  });

  test('lifting where nothing stands in the way says so', async () => {
    const { status, body } = await api.call('POST', '/environments/dev/packages/webui/lift', { body: {} });
    expect([status, body]).toEqual([200, { quarantines: [] }]);
  });
});

test.each([SOURCE, READER])('rollbacks, holds and lifting are for operators, not for %s', async (as) => {
  const calls = await Promise.all([
    api.call('POST', '/packages/webui/rollbacks', { body: { to: 'last-good', reason: 'so' }, as }),
    api.call('PUT', '/environments/dev/packages/webui/hold', { body: { reason: 'so' }, as }),
    api.call('DELETE', '/environments/dev/packages/webui/hold', { as }),
    api.call('POST', '/environments/dev/packages/webui/lift', { body: {}, as }),
  ]);
  expect(calls.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
});

test.each([
  ['no reason', { to: 'last-good' }],
  ['nothing to go back to', { reason: 'so' }],
  ['both stages and targets', { to: 'last-good', reason: 'so', targets, stages: [{ name: 'a', targets: [{}] }] }],
])('a rollback with %s is refused', async (_, body) => {
  expect((await api.call('POST', '/packages/webui/rollbacks', { body })).status).toBe(422);
});

test('the same key rolls back once', async () => {
  const headers = { 'Idempotency-Key': 'oops' };
  const body = { to: 'last-good', reason: 'so' };
  const [one, two] = [
    await api.call('POST', '/packages/webui/rollbacks', { body, headers }),
    await api.call('POST', '/packages/webui/rollbacks', { body, headers }),
  ];
  expect(two.body.id).toBe(one.body.id);
});
