import { describe, expect, it } from 'vitest';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { create, replace } from '../../../domain/table.ts';
import { OPERATOR, READER, registered, SOURCE, type TestApi } from './support.ts';

const ROLLOUTS = '/packages/webui/rollouts';
const start = ({ call }: TestApi, body: object = {}, headers = {}, as = OPERATOR) =>
  call('POST', ROLLOUTS, { body: { version: '1.4.2', ...body }, headers, as });

async function change({ table }: TestApi, id: string, changes: Partial<RolloutItem>) {
  const seen = await table.get(keys.rollout(id));
  if (seen === undefined) throw new Error('no such rollout');
  await table.transact([replace(keys.rollout(id), seen, changes)]);
}

describe('starting a rollout', () => {
  it('is answered 202 and leaves the rollout, its request, its history, its place in the queue and its first run', async () => {
    const api = await registered();
    const { status, body } = await start(api, { description: 'new buttons', values: { a: { b: 1 } } });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: body.id,
      package: 'webui',
      state: 'accepted',
      matched: ['dev', 'prod-eu', 'prod-us', 'staging'],
    });
    const of = (type: string) => api.table.all().filter((item) => item.type === type);
    expect(of('rollout')).toMatchObject([
      { id: body.id, sequence: 1, run: 1, state: 'accepted', principal: { role: 'fairlead-operator', session: 'ada' } },
    ]);
    expect(of('request')).toMatchObject([{ values: { a: { b: 1 } }, stages: [{ name: 'everyone', targets: [{}] }] }]);
    expect(of('open')).toMatchObject([{ rolloutId: body.id, sequence: 1 }]);
    expect(of('run')).toMatchObject([{ run: 1 }]);
    expect(of('counter')).toMatchObject([{ last: 1 }]);
    expect(of('event')).toMatchObject([
      {
        number: 1,
        kind: 'rollout-accepted',
        text: 'webui 1.4.2 accepted for 4 environments in 1 stage',
        by: 'fairlead-operator/ada',
      },
    ]);
  });

  it('gives every rollout the next sequence, also when many start at once', async () => {
    const api = await registered({ patience: { tries: 50, pause: async () => {} } });
    await Promise.all(Array.from({ length: 8 }, () => start(api)));
    const sequences = (await api.table.query(ranges.open('webui'))).map(({ sequence }) => sequence);
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('answers the same key and body with the same rollout, whatever the order of the fields', async () => {
    const api = await registered();
    const headers = { 'Idempotency-Key': 'ci-77' };
    const first = await start(api, { values: { a: 1, b: 2 } }, headers);
    const again = await start(api, { values: { b: 2, a: 1 } }, { 'idempotency-key': 'ci-77' });
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(await api.table.query(ranges.open('webui'))).toHaveLength(1);
    const racing = await Promise.all([
      start(api, {}, { 'Idempotency-Key': 'r' }),
      start(api, {}, { 'Idempotency-Key': 'r' }),
    ]);
    expect(racing[0].body.id).toBe(racing[1].body.id);
  });

  it('refuses the same key with another body, until the key is a week old', async () => {
    const api = await registered();
    const headers = { 'Idempotency-Key': 'ci-77' };
    const first = await start(api, {}, headers);
    const other = await start(api, { values: { a: 2 } }, headers);
    expect(other.status).toBe(409);
    expect(other.body.type).toMatch(/idempotency-key-reused$/);
    expect(other.body.detail).toContain(first.body.id);
    api.advance(7 * 86_400_000 + 1000);
    expect((await start(api, { values: { a: 2 } }, headers)).status).toBe(202);
  });

  it('goes through the stages asked for, else the package’s, else the promotion order, else everyone at once', async () => {
    const promotionOrder = [
      { name: 'first', targets: [{ ring: 'dev' }], soakMinutes: 0, maxParallel: 1, failureBudget: 0 },
    ];
    const api = await registered({});
    const withOrder = await registered({ installation: { ...api.deps.installation, promotionOrder } });
    const stagesOf = async (on: TestApi, body: object) => {
      const { id } = (await start(on, body)).body;
      return (await on.table.get(keys.request(id)))?.stages.map(({ name, targets }) => [name, targets]);
    };
    expect(await stagesOf(api, {})).toEqual([['everyone', [{}]]]);
    expect(await stagesOf(withOrder, {})).toEqual([['first', [{ ring: 'dev' }]]]);
    const own = [{ name: 'own', targets: [{ ring: 'staging' }] }];
    await withOrder.call('PUT', '/packages/webui', { body: { namespace: 'webui', stages: own } });
    expect(await stagesOf(withOrder, {})).toEqual([['own', [{ ring: 'staging' }]]]);
    expect(await stagesOf(withOrder, { stages: [{ name: 'mine', targets: [{}] }] })).toEqual([['mine', [{}]]]);
    const targets = [{ target: { ring: 'dev' }, wait: true }, { target: { ring: 'prod' } }, { target: {} }];
    expect(await stagesOf(withOrder, { targets })).toEqual([
      ['stage-1', [{ ring: 'dev' }]],
      ['stage-2', [{ ring: 'prod' }, {}]],
    ]);
  });

  it('of an unregistered package is 404 and names the next step', async () => {
    const { call } = await registered();
    const answer = await call('POST', '/packages/nobody/rollouts', { body: { version: '1.0.0' } });
    expect(answer.body).toMatchObject({ status: 404, detail: expect.stringContaining('fairlead package put nobody') });
  });

  it('that matches nothing is refused as such, and writes nothing', async () => {
    const api = await registered();
    const answer = await start(api, { targets: [{ target: { ring: 'moon' } }] });
    expect(answer.status).toBe(422);
    expect(answer.body.type).toBe('https://fairlead.dev/problems/no-environment-matched');
    expect(answer.body.detail).toContain('{"ring":"moon"}');
    expect(api.table.all().filter(({ type }) => type === 'rollout')).toEqual([]);
  });
});

describe('a source', () => {
  it('starts, reads and aborts rollouts of its packages', async () => {
    const { call } = await registered();
    const started = await call('POST', ROLLOUTS, { as: SOURCE, body: { version: '1.0.0' } });
    expect(started.status).toBe(202);
    const path = `${ROLLOUTS}/${started.body.id}`;
    expect((await call('GET', path, { as: SOURCE })).body.startedBy.role).toBe('fairlead-source-shop');
    expect((await call('POST', `${path}/abort`, { as: SOURCE, body: { reason: 'wrong' } })).status).toBe(202);
  });

  it('is refused by a registry entry that names other repositories, whatever its own settings say', async () => {
    const { call } = await registered();
    await call('PUT', '/packages/webui', { body: { namespace: 'webui', repositories: ['acme/other'] } });
    const answer = await call('POST', ROLLOUTS, { as: SOURCE, body: { version: '1.0.0' } });
    expect(answer.body).toMatchObject({ status: 403, detail: expect.stringContaining('acme/shop') });
  });

  it('names of repositories are compared as GitHub does, without case', async () => {
    const { call } = await registered();
    await call('PUT', '/packages/webui', { body: { namespace: 'webui', repositories: ['Acme/Shop'] } });
    expect((await call('POST', ROLLOUTS, { as: SOURCE, body: { version: '1.0.0' } })).status).toBe(202);
  });
});

describe('reading a rollout', () => {
  const deployment = (rolloutId: string, environment: string, stage: string): Omit<DeploymentItem, 'rev'> => ({
    type: 'deployment',
    v: 1,
    rolloutId,
    package: 'webui',
    environment,
    stage,
    sequence: 1,
    state: 'rolled-back',
    place: { cluster: { name: 'main', account: '1', region: 'r' }, namespace: 'webui-dev', release: 'webui' },
    deployer: 'default',
    inputs: { chart: 'oci://x/y', version: '1', chartDigest: 'sha256:1', layers: [], digest: 'd' },
    timeoutMinutes: 5,
    forceConflicts: false,
    attempt: 1,
    begun: 1,
    lost: 0,
    outcome: {
      code: 'not-ready',
      because: 'no pod',
      objects: [{ kind: 'Deployment', name: 'webui', because: '0 of 1' }],
    },
    evidence: `${rolloutId}/${environment}/1.json`,
  });

  it('shows stages, deployments in the order of the stages, outcomes, and the execution in the console', async () => {
    const api = await registered();
    const { id } = (await start(api)).body;
    const stage = { targets: [{}], size: 1, soakMinutes: 0, maxParallel: 1, failureBudget: 0 };
    const stages = [
      { name: 'zuerst', ...stage },
      { name: 'after', ...stage },
    ];
    await change(api, id, {
      state: 'failed',
      plan: { key: 'k', digest: 'd', chartDigest: 'sha256:1', stages, at: '2026-11-21T10:00:00.000Z' },
    });
    await api.table.transact([
      create(keys.deployment(id, 'dev'), deployment(id, 'dev', 'after')),
      create(keys.deployment(id, 'staging'), deployment(id, 'staging', 'zuerst')),
    ]);
    const { body } = await api.call('GET', `${ROLLOUTS}/${id}`, { as: READER });
    expect(body.stages.map(({ name }: { name: string }) => name)).toEqual(['zuerst', 'after']);
    expect(body.deployments).toMatchObject([
      {
        environment: 'staging',
        state: 'rolled-back',
        outcome: { objects: [{ kind: 'Deployment', name: 'webui' }] },
        evidence: true,
      },
      { environment: 'dev' },
    ]);
    expect(body.console).toContain(`:execution:fairlead-rollout:${id}-1`);
    expect(JSON.stringify(body)).not.toContain('rev"');
  });

  it('shows what a waiting rollout waits on, since and until when, and who can end it', async () => {
    const api = await registered();
    const { id } = (await start(api)).body;
    const times = { since: '2026-11-21T10:00:00.000Z', until: '2026-11-21T10:15:00.000Z' };
    const wait = { on: 'queue', who: 'rollout X', because: 'rollout X is ahead', ...times } as const;
    const rest = {
      type: 'wait',
      v: 1,
      rolloutId: id,
      package: 'webui',
      run: 1,
      round: 1,
      token: 'secret',
      rolloutRev: 1,
    } as const;
    await api.table.transact([create(keys.wait(id), { ...rest, ...wait })]);
    expect((await api.call('GET', `${ROLLOUTS}/${id}`)).body.waiting).toBeUndefined();
    await change(api, id, { state: 'waiting' });
    const { body } = await api.call('GET', `${ROLLOUTS}/${id}`);
    expect(body.waiting).toEqual(wait);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('finds the newest as latest, and none of another package', async () => {
    const api = await registered();
    expect((await api.call('GET', `${ROLLOUTS}/latest`)).status).toBe(404);
    await start(api);
    const { id } = (await start(api)).body;
    expect((await api.call('GET', `${ROLLOUTS}/latest`)).body.id).toBe(id);
    expect((await api.call('GET', `/packages/worker/rollouts/${id}`)).status).toBe(404);
    expect((await api.call('POST', `/packages/worker/rollouts/${id}/abort`, { body: { reason: 'x' } })).status).toBe(
      404,
    );
  });

  it('lists newest first, page by page', async () => {
    const api = await registered();
    const ids = [];
    for (let i = 0; i < 3; i++) ids.unshift((await start(api)).body.id);
    const first = (await api.call('GET', ROLLOUTS, { query: { limit: ['2'] } })).body;
    expect(first.rollouts.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const second = (await api.call('GET', ROLLOUTS, { query: { after: [first.next] } })).body;
    expect(second.rollouts.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect(second.next).toBeUndefined();
    expect((await api.call('GET', '/packages/worker/rollouts')).body.rollouts).toEqual([]);
    expect((await api.call('GET', '/packages/nobody/rollouts')).status).toBe(404);
  });

  it('gives the evidence, or says why there is none', async () => {
    const api = await registered();
    const { id } = (await start(api)).body;
    const evidence = {
      v: 1,
      rollout: id,
      package: 'webui',
      environment: 'dev',
      at: '2026-11-21T10:00:00.000Z',
      failure: { code: 'not-ready', because: 'no pod' },
      summary: ['pod x is in CrashLoopBackOff'],
      objects: [],
      events: [],
      logs: [],
    };
    const { evidence: _none, ...without } = deployment(id, 'staging', 's');
    await api.table.transact([
      create(keys.deployment(id, 'dev'), deployment(id, 'dev', 's')),
      create(keys.deployment(id, 'staging'), without),
    ]);
    const path = (environment: string) => `${ROLLOUTS}/${id}/deployments/${environment}/evidence`;
    expect((await api.call('GET', path('dev'))).body.detail).toMatch(/is gone/);
    api.objects.set(`${id}/dev/1.json`, new TextEncoder().encode(JSON.stringify(evidence)));
    expect((await api.call('GET', path('dev'), { as: SOURCE })).body).toEqual(evidence);
    expect((await api.call('GET', path('staging'))).body.detail).toMatch(
      /no evidence was kept for staging: .* rolled-back/,
    );
    expect((await api.call('GET', path('nowhere'))).status).toBe(404);
  });
});

describe('aborting', () => {
  it('is written with who and why, once', async () => {
    const api = await registered();
    const { id } = (await start(api)).body;
    const abort = () => api.call('POST', `${ROLLOUTS}/${id}/abort`, { body: { reason: 'bad news' } });
    expect([(await abort()).status, (await abort()).status]).toEqual([202, 202]);
    expect((await api.table.get(keys.rollout(id)))?.abort).toMatchObject({
      by: 'fairlead-operator/ada',
      reason: 'bad news',
    });
    expect(await api.table.query(ranges.events(id))).toHaveLength(2);
  });

  it('comes too late for what is over', async () => {
    const api = await registered();
    const { id } = (await start(api)).body;
    await change(api, id, { state: 'succeeded' });
    const answer = await api.call('POST', `${ROLLOUTS}/latest/abort`, { body: { reason: 'x' } });
    expect(answer.body).toMatchObject({
      status: 409,
      type: expect.stringMatching(/already-over$/),
      detail: expect.stringContaining('it succeeded'),
    });
  });

  it('needs a reason', async () => {
    const api = await registered();
    await start(api);
    expect((await api.call('POST', `${ROLLOUTS}/latest/abort`, { body: {} })).status).toBe(422);
    expect((await api.call('POST', `${ROLLOUTS}/latest/abort`, { body: { reason: '' } })).status).toBe(422);
  });
});

describe('a gate of the package', () => {
  const gate = { approvals: 1 };
  const stages = [{ name: 'all', targets: [{}], gate }];
  const gated = async () => {
    const api = await registered();
    await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', repositories: ['acme/shop'], stages } });
    return api;
  };
  const targets = [{ target: { ring: 'prod' }, wait: true }];
  const guardsOf = async (api: TestApi, id: string) =>
    (await api.table.get(keys.request(id)))?.guards?.map((guard) => guard.map(({ name }) => name));
  const gatesOf = async (api: TestApi, id: string) =>
    (await api.table.get(keys.request(id)))?.stages.map((stage) => stage.gate?.approvals);

  it('follows into the stages that a workflow names', async () => {
    const api = await gated();
    const { status, body } = await api.call('POST', ROLLOUTS, { as: SOURCE, body: { version: '1.0.0', targets } });
    expect([status, await gatesOf(api, body.id)]).toEqual([202, [1]]);
  });

  it('goes along with the request, for planning looks at the registry again', async () => {
    const api = await gated();
    const asked = { body: { version: '1.0.0', targets } };
    const { body } = await api.call('POST', ROLLOUTS, { as: SOURCE, ...asked });
    expect(await guardsOf(api, body.id)).toEqual([['all']]);
    expect(await guardsOf(api, (await api.call('POST', ROLLOUTS, asked)).body.id)).toBeUndefined();
  });

  it('cannot be made weaker by a workflow', async () => {
    const { call } = await gated();
    const weaker = [{ name: 'mine', targets: [{}], gate: { statuses: ['mine'] } }];
    const { status, body } = await call('POST', ROLLOUTS, { as: SOURCE, body: { version: '1.0.0', stages: weaker } });
    expect([status, body.detail]).toEqual([403, expect.stringContaining('stands behind the gate of stage all')]);
  });

  it('that was put since does not refuse the repeat of a start that was accepted before', async () => {
    const api = await registered();
    const mine = [{ name: 'mine', targets: [{}], gate: { statuses: ['mine'] } }];
    const asked = { as: SOURCE, headers: { 'Idempotency-Key': 'k-1' }, body: { version: '1.0.0', stages: mine } };
    const first = await api.call('POST', ROLLOUTS, asked);
    await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', repositories: ['acme/shop'], stages } });
    const { status, body } = await api.call('POST', ROLLOUTS, asked);
    expect([first.status, status, body.id]).toEqual([202, 202, first.body.id]);
  });

  it('is no bar to operators, who keep it', async () => {
    const api = await gated();
    const { body } = await api.call('POST', ROLLOUTS, { body: { version: '1.0.0', targets } });
    expect(await gatesOf(api, body.id)).toEqual([undefined]);
  });
});
