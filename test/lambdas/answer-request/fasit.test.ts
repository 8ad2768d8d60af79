/** The routes for fasit-deploy: a token's claims, which the authorizer hands on, and rollouts behind them. */
import { describe, expect, test } from 'vitest';
import { authorizerContext } from '../../../contracts/authorizer-context.ts';
import type { VerifiedClaims } from '../../../domain/items/rollout.ts';
import { keys } from '../../../domain/keys.ts';
import { write } from '../../../domain/table.ts';
import { claimsOf } from '../../support/claims.ts';
import { ACCOUNT, OPERATOR, type Options, registered, SOURCE, type TestApi, testApi } from './support.ts';

const CHART = 'oci://europe-north1-docker.pkg.dev/nais-io/nais/feature/webui';
const settings = { owners: [{ name: 'acme', id: '12' }] };
const shop = (more: Partial<VerifiedClaims> = {}) => claimsOf({ repository: 'acme/shop', ...more });

const sent = (more: object = {}) => ({
  chart: CHART,
  version: '1.4.2',
  target: { ring: 'prod' },
  ref: { owner: 'acme', repo: 'shop', ref: 'a'.repeat(40) },
  ...more,
});

/** An API whose installation has fasitDeploy; `webui` lists acme/shop. */
async function withFasit(fasitDeploy: object | undefined = settings): Promise<TestApi> {
  const { installation } = testApi().deps;
  return await registered({ installation: { ...installation, fasitDeploy: fasitDeploy as typeof settings } });
}
const as = (claims: VerifiedClaims, more: Options = {}): Options => ({
  as: null,
  authorizer: { ...authorizerContext(claims), principalId: 'someone' },
  ...more,
});
const post = (api: TestApi, body: unknown = sent(), claims = shop()) =>
  api.call('POST', '/github/assignment', as(claims, { body }));
const get = (api: TestApi, id: string, claims = shop()) => api.call('GET', `/github/assignment/${id}`, as(claims));

describe('an assignment', () => {
  test('is a rollout of one stage, in the name of the job', async () => {
    const api = await withFasit();
    const { status, body } = await post(api, sent({ description: 'the spring release' }));
    expect([status, body]).toEqual([201, { id: expect.stringMatching(/^[0-9A-Z]{26}$/) }]);
    expect(await api.table.get(keys.rollout(body.id))).toMatchObject({
      package: 'webui',
      version: '1.4.2',
      description: 'the spring release',
      state: 'accepted',
      principal: { role: 'token', session: 'octocat@acme/shop/77', account: ACCOUNT, claims: shop() },
      claimed: { repository: 'acme/shop', ref: 'a'.repeat(40) },
    });
    expect(await api.table.get(keys.request(body.id))).toMatchObject({
      values: {},
      stages: [{ targets: [{ ring: 'prod' }], failureBudget: 0, soakMinutes: 0 }],
    });
    expect(await get(api, body.id)).toMatchObject({
      status: 200,
      body: { id: body.id, state: 'PENDING', url: expect.stringContaining(`${body.id}-1`) },
    });
  });

  test('has a line in the audit, with the package it was about', async () => {
    const api = await withFasit();
    const { body } = await post(api);
    const at = api.deps.now().toISOString().slice(0, 10);
    const { body: found } = await api.call('GET', '/audit', {
      query: { since: [`${at}T00:00:00Z`], until: [`${at}T23:59:59Z`], package: ['webui'] },
    });
    expect(found.lines).toContainEqual(
      expect.objectContaining({
        operation: 'createAssignment',
        package: 'webui',
        rollout: body.id,
        by: expect.objectContaining({ role: 'token' }),
      }),
    );
  });

  test('of `{}` goes everywhere', async () => {
    const api = await withFasit();
    const { body } = await post(api, sent({ target: {} }));
    const { body: events } = await api.call('GET', `/packages/webui/rollouts/${body.id}/events`);
    expect(events.events[0].text).toContain('4 environments');
  });

  test('asked for again within one attempt is the same, however its fields are ordered', async () => {
    const api = await withFasit();
    const first = await post(api);
    const { chart, version, target, ref } = sent();
    const again = await post(api, { ref, target, version, chart });
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  test.each([
    ['another attempt', sent(), { runAttempt: '2' }],
    ['another run', sent(), { runId: '78' }],
    ['another entry', sent({ target: { ring: 'dev' } }), {}],
    ['another version', sent({ version: '1.4.3' }), {}],
  ])('by %s is another', async (_what, body, claims) => {
    const api = await withFasit();
    const first = await post(api);
    expect((await post(api, body, shop(claims))).body).not.toEqual(first.body);
  });

  test('has a key that no other caller can send', async () => {
    const api = await withFasit();
    await post(api);
    const headers = { 'Idempotency-Key': `fasit 34 77 1 ${'0'.repeat(64)}` };
    const body = { version: '1.4.2' };
    expect((await api.call('POST', '/packages/webui/rollouts', { as: SOURCE, headers, body })).status).toBe(422);
  });
});

describe('an assignment is refused', () => {
  test.each([
    ['for a chart that nobody has', sent({ chart: 'oci://ghcr.io/acme/nothing' }), {}, 404, 'no package has the chart'],
    [
      "for another repository's package",
      sent({ ref: { owner: 'acme', repo: 'other', ref: 'x' } }),
      { repository: 'acme/other' },
      403,
      'acme/other is not among',
    ],
    ['for a package that lists nobody', sent({ chart: 'oci://x.example/worker' }), {}, 403, 'acme/shop is not among'],
    [
      "when its ref is not the token's repository",
      sent({ ref: { owner: 'acme', repo: 'other', ref: 'x' } }),
      {},
      403,
      'invalid ref: it names acme/other, and the token is of acme/shop',
    ],
    ['when nothing matches', sent({ target: { ring: 'moon' } }), {}, 422, 'none of the 4 registered environments'],
    ['without a ref', sent({ ref: undefined }), {}, 422, '/ref is missing'],
    ['with fields of older versions', sent({ skipCI: true }), {}, 422, "'skipCI' is not a known field"],
    ['with a version that is none', sent({ version: 'latest' }), {}, 422, "'latest' is wrong"],
    [
      'of another owner, though the authorizer let it through',
      sent(),
      { ownerId: '99', owner: 'evil' },
      403,
      'invalid repository owner: evil',
    ],
  ])('%s', async (_what, body, claims, status, detail) => {
    const answer = await post(await withFasit(), body, shop(claims));
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
  });

  test('when several packages of the repository have that chart', async () => {
    const api = await withFasit();
    for (const name of ['blue', 'green']) {
      const entry = { namespace: name, chart: CHART, repositories: ['acme/shop'] };
      expect((await api.call('PUT', `/packages/${name}`, { body: entry })).status).toBe(201);
    }
    expect(await post(api)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('blue, green') } });
  });

  test('for a repository that is not configured', async () => {
    const api = await withFasit({ ...settings, repositories: ['acme/web*'] });
    expect(await post(api)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('not among those of fasitDeploy') },
    });
  });

  test('when the body is no JSON', async () => {
    const api = await withFasit();
    expect((await api.call('POST', '/github/assignment', as(shop(), { text: '{"chart":' }))).status).toBe(400);
  });
});

describe('who may come', () => {
  test.each([
    ['nobody without what an authorizer proved', { as: null }],
    ['no operator', { as: OPERATOR }],
    ['no source', { as: SOURCE, authorizer: null }],
    ['no half-proven token', { as: null, authorizer: { repository: 'acme/shop', ownerId: '12' } }],
    [
      'nobody whose claims are the caller’s own words',
      { as: null, headers: { 'fairlead-token': 'x', repository: 'acme/shop' } },
    ],
  ])('%s', async (_who, options) => {
    const api = await withFasit();
    expect((await api.call('POST', '/github/assignment', { ...options, body: sent() })).status).toBe(403);
  });

  test('nobody where it is not configured', async () => {
    const api = await registered();
    expect(await post(api)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('no fasitDeploy') } });
  });

  test('a token opens no other route', async () => {
    const api = await withFasit();
    const answers = [
      await api.call('POST', '/packages/webui/rollouts', as(shop(), { body: { version: '1.4.2' } })),
      await api.call('GET', '/packages/webui', as(shop())),
      await api.call('PUT', '/packages/webui', as(shop(), { body: { namespace: 'x' } })),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  test('and no header of an emergency', async () => {
    const api = await withFasit();
    const headers = { 'Fairlead-Break-Glass': 'why%20not' };
    expect((await api.call('POST', '/github/assignment', as(shop(), { headers, body: sent() }))).status).toBe(422);
  });
});

describe('the state of an assignment', () => {
  async function ended(api: TestApi, id: string, state: 'succeeded' | 'failed', because: string) {
    const rollout = await api.table.get(keys.rollout(id));
    if (rollout === undefined) throw new Error('there is no such rollout');
    const { rev: _rev, ...item } = rollout;
    const outcome = { code: 'stage-failed' as const, because };
    await api.table.transact([write(keys.rollout(id), rollout, { ...item, state, outcome })]);
  }

  test('is told with the reason', async () => {
    const api = await withFasit();
    const { body } = await post(api);
    await ended(api, body.id, 'failed', 'stage stage-1 failed');
    expect((await get(api, body.id)).body).toMatchObject({ state: 'FAILED', reason: 'stage stage-1 failed' });
  });

  test.each(['17', 'latest', '01JD0Z5Q6X3N8V7T2K4M9R1B0', '01jd0z5q6x3n8v7t2k4m9r1b01'])('of %s: no id', async (id) => {
    const api = await withFasit();
    expect(await get(api, id)).toMatchObject({ status: 400, body: { detail: 'invalid assignment id' } });
  });

  test('of an id that nobody has, and of what others began: it does not exist', async () => {
    const api = await withFasit();
    const { body: ours } = await post(api);
    const { body: signed } = await api.call('POST', '/packages/webui/rollouts', {
      as: SOURCE,
      body: { version: '1.0.0' },
    });
    const answers = [
      await get(api, '01JD0Z5Q6X3N8V7T2K4M9R1B99'),
      await get(api, signed.id),
      await get(api, ours.id, shop({ repositoryId: '35' })),
      await get(api, ours.id, shop({ repository: 'acme/other', repositoryId: '36' })),
    ];
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      answers.map(() => [404, 'assignment does not exist']),
    );
    expect((await get(api, ours.id, shop({ repository: 'acme/shop-renamed' }))).status).toBe(200);
  });

  test('that cannot be read is UNKNOWN, for its client gives up at any error', async () => {
    const api = await withFasit();
    const { body } = await post(api);
    const broken = testApi({
      installation: api.deps.installation,
      table: { ...api.table, query: () => Promise.reject(new Error('the table does not answer')) },
    });
    expect(await get(broken, body.id)).toMatchObject({ status: 200, body: { id: body.id, state: 'UNKNOWN' } });
    expect(broken.logged).toContainEqual(expect.objectContaining({ message: 'assignment not read' }));
  });
});
