/** Plans over the API, worked out by the shipped machine with played deployers. */
import { describe, expect, test } from 'vitest';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { replace } from '../../../domain/table.ts';
import { type PlanWorld, planWorld, scaled } from '../../support/plan-world.ts';
import { OPERATOR, READER, registered, SOURCE } from './support.ts';

const PLANS = '/packages/webui/plans';
const ROLLOUTS = '/packages/webui/rollouts';
const BODY = { version: '1.4.2' };

async function apiWithPlans(props: Partial<Parameters<typeof planWorld>[0]> = {}) {
  const plans = memoryObjects();
  const api = await registered({ plans });
  const world = planWorld({ table: api.table, plans, ...props });
  const ready = async (body: unknown = BODY, as = OPERATOR) => {
    const { body: accepted } = await api.call('POST', PLANS, { body, as });
    await world.work();
    const { body: plan } = await api.call('GET', `${PLANS}/${accepted.id}`, { as });
    return plan;
  };
  return { ...api, world, ready };
}

const audited = async ({ table }: Awaited<ReturnType<typeof apiWithPlans>>) =>
  (await table.query(ranges.audit('2026-11-21'))).map(({ operation }) => operation);

describe('a plan', () => {
  test('is accepted at once, names what it is for, is worked out, and then shows what would change where', async () => {
    const api = await apiWithPlans({ deployer: (name) => (name.startsWith('prod') ? scaled() : {}) });
    const { status, body } = await api.call('POST', PLANS, { body: BODY });
    expect([status, body]).toEqual([
      202,
      { id: body.id, package: 'webui', state: 'working', matched: ['dev', 'prod-eu', 'prod-us', 'staging'] },
    ]);
    expect((await api.call('GET', `${PLANS}/${body.id}`)).body).toMatchObject({ state: 'working' });
    await api.world.work();
    const { body: plan } = await api.call('GET', `${PLANS}/latest`);
    expect(plan).toMatchObject({
      id: body.id,
      state: 'ready',
      because: '2 of 4 environments would change',
      changed: 2,
      startedBy: { role: 'fairlead-operator', session: 'ada' },
    });
    expect(plan.result.groups.map((group: { environments: string[] }) => group.environments)).toEqual([
      ['dev', 'staging'],
      ['prod-eu', 'prod-us'],
    ]);
    expect(plan.result.digest).toBe(plan.digest);
    expect(await audited(api)).toContain('startPlan');
    expect(await api.table.query(ranges.open('webui'))).toEqual([]);
  });

  test('goes to the targets or stages that are asked for', async () => {
    const api = await apiWithPlans();
    const targets = [{ target: { ring: 'prod' }, wait: true }];
    expect((await api.ready({ ...BODY, targets })).result.environments).toHaveLength(2);
    const both = await api.call('POST', PLANS, { body: { ...BODY, targets, stages: [{ name: 'a', targets: [{}] }] } });
    expect([both.status, both.body.errors[0].pointer]).toEqual([422, '/targets']);
    const nowhere = await api.call('POST', PLANS, { body: { ...BODY, targets: [{ target: { ring: 'moon' } }] } });
    expect([nowhere.status, nowhere.body.type]).toEqual([422, expect.stringContaining('no-environment-matched')]);
  });

  test('may be asked for by a workflow for its own package, and by nobody for another’s; readers only look', async () => {
    const api = await apiWithPlans();
    expect((await api.ready(BODY, SOURCE)).state).toBe('ready');
    expect((await api.call('POST', '/packages/other/plans', { body: BODY, as: SOURCE })).status).toBe(403);
    expect((await api.call('POST', PLANS, { body: BODY, as: READER })).status).toBe(403);
    expect((await api.call('GET', PLANS, { as: READER })).body.plans).toHaveLength(1);
  });

  test('is held until it is worked out when wait is given, and no longer than that', async () => {
    const api = await apiWithPlans();
    const { body } = await api.call('POST', PLANS, { body: BODY });
    const before = api.deps.now().getTime();
    expect((await api.call('GET', `${PLANS}/${body.id}`, { query: { wait: ['5'] } })).body.state).toBe('working');
    expect(api.deps.now().getTime() - before).toBe(5000);
    await api.world.work();
    expect((await api.call('GET', `${PLANS}/${body.id}`, { query: { wait: ['20'] } })).body.state).toBe('ready');
    expect(api.deps.now().getTime() - before).toBe(5000);
  });

  test('that nobody works on any more reads as errored, so that nothing waits for ever', async () => {
    const api = await registered();
    const { body } = await api.call('POST', PLANS, { body: BODY });
    api.advance(45 * 60_000);
    expect((await api.call('GET', `${PLANS}/${body.id}`)).body.state).toBe('working');
    api.advance(60_000);
    expect((await api.call('GET', `${PLANS}/${body.id}`, { query: { wait: ['20'] } })).body).toMatchObject({
      state: 'errored',
      because: 'nobody has worked on it for 46 minutes: plan again',
    });
  });

  test('is one of many, newest first and a page at a time; those of other packages are not there', async () => {
    const api = await apiWithPlans();
    const ids = [];
    for (let i = 0; i < 3; i++) ids.unshift((await api.ready()).id);
    const first = await api.call('GET', PLANS, { query: { limit: ['2'] } });
    expect(first.body.plans.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const rest = await api.call('GET', PLANS, { query: { after: [first.body.next] } });
    expect(rest.body.plans.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect(rest.body.next).toBeUndefined();
    expect((await api.call('GET', `/packages/worker/plans/${ids[0]}`)).status).toBe(404);
    expect((await api.call('GET', '/packages/worker/plans/latest')).body.detail).toMatch(
      /worker has no plans: make one/,
    );
    expect((await api.call('GET', '/packages/none/plans')).status).toBe(404);
    expect((await api.call('GET', `${PLANS}/nonsense`)).status).toBe(404);
  });

  test('is one too many while ten others of the package are worked out', async () => {
    const api = await apiWithPlans();
    for (let i = 0; i < 10; i++) expect((await api.call('POST', PLANS, { body: BODY })).status).toBe(202);
    expect((await api.call('POST', PLANS, { body: BODY })).status).toBe(429);
    await api.world.work();
    expect((await api.call('POST', PLANS, { body: BODY })).status).toBe(202);
  });

  test('of a workflow keeps the gates of the package’s stages, as a rollout of it does', async () => {
    const api = await apiWithPlans();
    const stages = [{ name: 'prod', targets: [{ ring: 'prod' }], gate: { approvals: 1 } }];
    await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', repositories: ['acme/shop'], stages } });
    const { body } = await api.call('POST', PLANS, {
      body: { ...BODY, targets: [{ target: { ring: 'prod' } }] },
      as: SOURCE,
    });
    const item = await api.world.planOf(body.id);
    expect(item?.stages.map(({ gate }) => gate?.approvals)).toEqual([1]);
  });
});

describe('a rollout that names a plan', () => {
  const named = ({ id, digest }: { id: string; digest: string }) => ({ ...BODY, plan: { id, digest } });

  test('takes its stages and values from it, and says so wherever it is shown', async () => {
    const api = await apiWithPlans();
    const plan = await api.ready({ ...BODY, values: { a: 1 }, targets: [{ target: { ring: 'prod' } }] });
    const { status, body } = await api.call('POST', ROLLOUTS, { body: named(plan) });
    expect([status, body.matched]).toEqual([202, ['prod-eu', 'prod-us']]);
    expect(await api.table.get(keys.request(body.id))).toMatchObject({ values: { a: 1 } });
    expect((await api.call('GET', `${ROLLOUTS}/${body.id}`)).body.planned).toEqual({
      id: plan.id,
      digest: plan.digest,
    });
  });

  test('is refused with stages, targets or values beside it: those are the plan’s', async () => {
    const api = await apiWithPlans();
    const plan = named(await api.ready());
    for (const beside of [
      { values: { a: 1 } },
      { targets: [{ target: {} }] },
      { stages: [{ name: 'a', targets: [{}] }] },
    ]) {
      const { status, body } = await api.call('POST', ROLLOUTS, { body: { ...plan, ...beside } });
      expect([status, body.errors[0].pointer]).toEqual([422, '/plan']);
    }
  });

  const DIGEST = `hmac-sha256:${'0'.repeat(64)}`;
  test.each<
    [string, (world: PlanWorld, plan: { id: string; digest: string }) => object | Promise<object>, number, RegExp]
  >([
    [
      'that is not there',
      () => ({ plan: { id: '01JD0Z5Q6X3N8V7T2K4M9R1ZZZ', digest: DIGEST } }),
      422,
      /has no plan 01JD0Z5Q6X3N8V7T2K4M9R1ZZZ/,
    ],
    ['of another version', () => ({ version: '1.4.3' }), 422, /is of version 1.4.2, not 1.4.3/],
    ['with another digest than was seen', (_, { id }) => ({ plan: { id, digest: DIGEST } }), 409, /look at it again/],
  ])('%s is refused', async (_, changes, status, words) => {
    const api = await apiWithPlans();
    const plan = await api.ready();
    const answer = await api.call('POST', ROLLOUTS, { body: { ...named(plan), ...(await changes(api.world, plan)) } });
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(words)]);
    expect(await api.table.query(ranges.open('webui'))).toEqual([]);
  });

  test.each([
    [{ state: 'working', finishedAt: undefined } as const, /being worked out still/],
    [{ state: 'errored', because: 'it broke' } as const, /is errored \(it broke\): plan again/],
    [{ valuesChange: { changed: [], environments: ['dev'] } }, /fairlead values apply webui/],
  ])('is refused while that will not do: %j', async (changes, words) => {
    const api = await apiWithPlans();
    const plan = await api.ready();
    const item = await api.world.planOf(plan.id);
    if (item === undefined) throw new Error('there is a plan');
    await api.table.transact([replace(keys.plan('webui', plan.id), item, changes)]);
    const { status, body } = await api.call('POST', ROLLOUTS, { body: named(plan) });
    expect([status, body.detail]).toEqual([409, expect.stringMatching(words)]);
  });

  test('of another package’s plan is refused: that package has no such plan', async () => {
    const api = await apiWithPlans();
    const plan = await api.ready();
    expect((await api.call('POST', '/packages/worker/rollouts', { body: named(plan) })).status).toBe(422);
  });
});
