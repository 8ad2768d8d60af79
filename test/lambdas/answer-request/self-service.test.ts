import { describe, expect, it } from 'vitest';
import type { VerifiedClaims } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import type { Deps } from '../../../lambdas/answer-request/deps.ts';
import { claimsOf } from '../../support/claims.ts';
import { OPERATOR, type Options, READER, registered, SOURCE, WORKFLOW } from './support.ts';

const ROLLOUTS = '/packages/webui/rollouts';
const CLAIM = '/packages/shop/claim';
const BODY = { version: '1.0.0' };
const FILE = { namespace: 'shop' };

/** A job of acme/shop, which the registry lets roll out webui. */
const shop = (more: Partial<VerifiedClaims> = {}) => claimsOf({ repository: 'acme/shop', repositoryId: '56', ...more });

const SELF_SERVICE: Awaited<ReturnType<Deps['selfService']>> = {
  owner: 'acme',
  ownerId: '12',
  claims: [
    {
      repositories: ['acme/*'],
      packages: ['{repository}', '{repository}-*'],
      namespaces: ['{repository}', 'webui'],
      charts: ['oci://ghcr.io/acme/*'],
    },
  ],
};

/** The API with self-service. A token of the tests is its id and its claims, in words that the stand-in for the verifier reads. */
function api(overrides: Partial<Deps> = {}) {
  return registered({
    selfService: async () => SELF_SERVICE,
    verifyToken: async (token) => {
      if (token === 'late') return { verified: false, code: 'refused', because: 'it ended at noon' };
      if (token === 'early') return { verified: false, code: 'unreachable', because: "GitHub's keys cannot be read" };
      const { jti, claims } = JSON.parse(token) as { jti: string; claims: VerifiedClaims };
      return { verified: true, claims, jti, expiresAt: new Date('2026-11-21T10:05:00Z') };
    },
    ...overrides,
  });
}

let tokens = 0;
/** A fresh token of a job. */
const token = (claims = shop(), jti = `jti-${++tokens}`) => JSON.stringify({ jti, claims });

const by = (given = token(), more: Options = {}): Options => ({
  as: WORKFLOW,
  ...more,
  headers: { 'Fairlead-Token': given, ...more.headers },
});

describe('a workflow', () => {
  it('rolls out a package that lists its repository, and is named by what its token proves', async () => {
    const { call, table } = await api();
    const started = await call('POST', ROLLOUTS, by(token(), { body: BODY }));
    expect(started.status).toBe(202);
    const rollout = await call('GET', `${ROLLOUTS}/${started.body.id}`, by());
    expect(rollout.body.startedBy).toEqual({
      role: 'fairlead-workflows',
      session: 'gh-2',
      account: '123456789012',
      claims: shop(),
    });
    const events = await table.query(ranges.events(started.body.id));
    expect(events[0]?.by).toBe('fairlead-workflows/octocat@acme/shop/77');
  });

  it('reads, follows and aborts what it rolls out', async () => {
    const { call } = await api();
    const { body } = await call('POST', ROLLOUTS, by(token(), { body: BODY }));
    const path = `${ROLLOUTS}/${body.id}`;
    for (const read of ['/packages/webui', ROLLOUTS, path, `${path}/events`]) {
      expect((await call('GET', read, by())).status).toBe(200);
    }
    expect((await call('POST', `${path}/abort`, by(token(), { body: { reason: 'wrong' } }))).status).toBe(202);
  });

  it('without a token is nobody, and is told what to send', async () => {
    const { call } = await api();
    const answer = await call('POST', ROLLOUTS, { as: WORKFLOW, body: BODY });
    expect(answer.body).toMatchObject({
      status: 403,
      type: expect.stringMatching(/token-refused$/),
      detail: expect.stringMatching(/'fairlead' in the header Fairlead-Token .*'self-service: true'/),
    });
  });

  it.each([
    ['refused', 'late', 403, /token-refused$/, 'was refused: it ended at noon'],
    ['not to be checked', 'early', 503, /unavailable$/, "GitHub's keys cannot be read, so the token cannot be checked"],
  ])('whose token is %s does nothing', async (_how, given, status, type, detail) => {
    const { call, table } = await api();
    const answer = await call('POST', ROLLOUTS, by(given, { body: BODY }));
    expect(answer.body).toMatchObject({
      status,
      type: expect.stringMatching(type),
      detail: expect.stringContaining(detail),
    });
    expect(await table.get(keys.counter('webui'))).toBeUndefined();
  });

  it.each([
    [
      'a repository that the entry does not list',
      ROLLOUTS,
      shop({ repository: 'acme/other' }),
      'ask an operator to add it',
    ],
    ['a package that lists nobody', '/packages/worker/rollouts', shop(), 'is not among those that may roll out'],
    ['another organisation', ROLLOUTS, shop({ owner: 'evil', ownerId: '13' }), 'not of evil (13)'],
    ['a pull request', ROLLOUTS, shop({ event: 'pull_request', ref: 'refs/pull/7/merge' }), 'refs/pull/7/merge'],
    ['an organisation that took the name', ROLLOUTS, shop({ ownerId: '99' }), 'not of acme (99)'],
  ])('does nothing for %s', async (_what, path, claims, detail) => {
    const { call } = await api();
    for (const method of ['GET', 'POST']) {
      const answer = await call(method, path, by(token(claims), method === 'POST' ? { body: BODY } : {}));
      expect(answer.body).toMatchObject({
        status: 403,
        type: expect.stringMatching(/forbidden$/),
        detail: expect.stringContaining(detail),
      });
    }
  });

  it('does nothing where self-service is not configured', async () => {
    const { call } = await api({ selfService: async () => undefined });
    const answer = await call('POST', ROLLOUTS, by(token(), { body: BODY }));
    expect(answer.body).toMatchObject({ status: 403, detail: expect.stringContaining('not configured') });
  });

  it('is told how a package comes into being', async () => {
    const { call } = await api();
    const answer = await call('POST', '/packages/shop/rollouts', by(token(), { body: BODY }));
    expect(answer.body).toMatchObject({ status: 404, detail: expect.stringContaining('claim it with .fairlead.yaml') });
  });

  it('has no say over the registry, approvals and other packages', async () => {
    const { call } = await api();
    const wishes: [string, string][] = [
      ['PUT', '/packages/webui'],
      ['DELETE', '/packages/webui'],
      ['PUT', '/environments/dev'],
      ['GET', '/packages'],
      ['GET', '/audit'],
    ];
    for (const [method, path] of wishes) {
      expect((await call(method, path, by(token(), { body: FILE }))).body.type).toMatch(/forbidden$/);
    }
  });
});

describe('a token beside another role', () => {
  it("of a source proves more, when it is of the source's repository", async () => {
    const { call } = await api();
    const given = token(shop({ repository: 'Acme/Shop' }));
    const { body } = await call('POST', ROLLOUTS, by(given, { as: SOURCE, body: BODY }));
    const rollout = await call('GET', `${ROLLOUTS}/${body.id}`, { as: SOURCE });
    expect(rollout.body.startedBy).toMatchObject({ role: 'fairlead-source-shop', claims: { repository: 'Acme/Shop' } });
  });

  it('of a source is refused when it is of another repository', async () => {
    const { call } = await api();
    const given = token(shop({ repository: 'acme/other' }));
    expect((await call('POST', ROLLOUTS, by(given, { as: SOURCE, body: BODY }))).body).toMatchObject({
      status: 403,
      type: expect.stringMatching(/token-refused$/),
      detail: expect.stringContaining('the token is of acme/other, and fairlead-source-shop belongs to acme/shop'),
    });
  });

  it('of a source is refused when it is refused, although the role alone would do', async () => {
    const { call } = await api();
    expect((await call('POST', ROLLOUTS, by('late', { as: SOURCE, body: BODY }))).status).toBe(403);
  });

  it.each([OPERATOR, READER])('of %s is out of place', async (as) => {
    const { call } = await api();
    expect((await call('GET', '/packages', by(token(), { as }))).body).toMatchObject({
      status: 422,
      detail: expect.stringContaining('leave it out'),
    });
  });
});

describe('a token that changed something', () => {
  const key = { headers: { 'Idempotency-Key': 'run-77' } };

  it.each([
    ['another body', 'POST', ROLLOUTS, { ...key, body: { version: '2.0.0' } }],
    ['another key', 'POST', ROLLOUTS, { headers: { 'Idempotency-Key': 'run-78' }, body: BODY }],
    ['another path', 'PUT', CLAIM, { body: FILE }],
    ['the same path in other letters', 'POST', '/packages/web%75i/rollouts', { ...key, body: BODY }],
  ])('is not good for %s', async (_what, method, path, more) => {
    const { call, table } = await api();
    const given = token();
    expect((await call('POST', ROLLOUTS, by(given, { ...key, body: BODY }))).status).toBe(202);
    const again = await call(method, path, by(given, more));
    expect(again.body).toMatchObject({
      status: 409,
      type: expect.stringMatching(/token-reused$/),
      detail: expect.stringContaining('fresh one for each call that changes something'),
    });
    expect((await table.get(keys.counter('webui')))?.last).toBe(1);
  });

  it.each([
    ['with an idempotency key', key],
    ['without one, too', {}],
  ])('may bring the same call again %s, which is answered as the repeat it is', async (_how, more) => {
    const { call, table } = await api();
    const given = token();
    const first = await call('POST', ROLLOUTS, by(given, { ...more, body: BODY }));
    const again = await call('POST', ROLLOUTS, by(given, { ...more, body: BODY }));
    expect(again.body).toMatchObject({ id: first.body.id });
    expect((await table.get(keys.counter('webui')))?.last).toBe(1);
  });

  it('is known again whatever the case of the headers', async () => {
    const { call, table } = await api();
    const given = token();
    await call('POST', ROLLOUTS, by(given, { ...key, body: BODY }));
    const headers = { 'fairlead-TOKEN': given, 'idempotency-key': 'run-77' };
    expect((await call('POST', ROLLOUTS, { as: WORKFLOW, headers, body: BODY })).status).toBe(202);
    const other = { ...headers, 'idempotency-key': 'run-78' };
    expect((await call('POST', ROLLOUTS, { as: WORKFLOW, headers: other, body: BODY })).status).toBe(409);
    expect((await table.get(keys.counter('webui')))?.last).toBe(1);
  });

  it('is good for reading while it lives', async () => {
    const { call } = await api();
    const given = token();
    await call('POST', ROLLOUTS, by(given, { body: BODY }));
    for (let i = 0; i < 3; i++) expect((await call('GET', ROLLOUTS, by(given))).status).toBe(200);
  });

  it('is not good for a call that would change nothing, either', async () => {
    const { call } = await api();
    await call('PUT', CLAIM, by(token(), { body: FILE }));
    const given = token();
    await call('POST', ROLLOUTS, by(given, { body: BODY }));
    expect((await call('PUT', CLAIM, by(given, { body: FILE }))).body.type).toMatch(/token-reused$/);
  });

  it('was good for one of two different calls that came at once', async () => {
    const { call, table } = await api();
    const given = token();
    const both = await Promise.all([
      call('POST', ROLLOUTS, by(given, { body: BODY })),
      call('POST', ROLLOUTS, by(given, { body: { version: '2.0.0' } })),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    expect((await table.get(keys.counter('webui')))?.last).toBe(1);
  });

  it('was used by a source just as well', async () => {
    const { call } = await api();
    const given = token();
    await call('POST', ROLLOUTS, by(given, { as: SOURCE, body: BODY }));
    const again = await call('POST', ROLLOUTS, by(given, { as: SOURCE, body: { version: '2.0.0' } }));
    expect(again.body.type).toMatch(/token-reused$/);
  });

  it('stands in no answer and no log', async () => {
    const { call, logged } = await api();
    const given = token(shop(), 'jti-secret');
    const answers = [
      await call('POST', ROLLOUTS, by(given, { body: BODY })),
      await call('POST', ROLLOUTS, by(given, { body: { version: '2.0.0' } })),
      await call('POST', ROLLOUTS, by('late', { body: BODY })),
    ];
    expect(JSON.stringify([answers, logged])).not.toContain('jti-secret');
  });
});

describe('a claim', () => {
  it('registers a package that its repository keeps, and that it may roll out at once', async () => {
    const { call } = await api();
    const file = { ...FILE, package: 'shop', chart: 'oci://ghcr.io/acme/shop', timeoutMinutes: 7, team: 'shop' };
    const claimed = await call('PUT', CLAIM, by(token(), { body: file }));
    expect(claimed).toMatchObject({
      status: 201,
      body: {
        name: 'shop',
        chart: 'oci://ghcr.io/acme/shop',
        release: 'shop',
        namespace: 'shop',
        team: 'shop',
        timeoutMinutes: 7,
        forceConflicts: false,
        repositories: ['acme/shop'],
        claimedBy: { repository: 'acme/shop', repositoryId: '56', ref: 'refs/heads/main', sha: 'a'.repeat(40) },
        updatedBy: 'fairlead-workflows/octocat@acme/shop/77',
      },
    });
    expect((await call('POST', '/packages/shop/rollouts', by(token(), { body: BODY }))).status).toBe(202);
    const renamed = shop({ repository: 'acme/store' });
    expect((await call('POST', '/packages/shop/rollouts', by(token(renamed), { body: BODY }))).status).toBe(202);
    const recreated = shop({ repositoryId: '99' });
    expect((await call('POST', '/packages/shop/rollouts', by(token(recreated), { body: BODY }))).status).toBe(403);
  });

  it('of an unchanged file changes nothing and leaves no line in the audit', async () => {
    const { call, table } = await api();
    await call('PUT', CLAIM, by(token(), { body: FILE }));
    const before = await table.query(ranges.audit('2026-11-21'));
    const again = await call('PUT', CLAIM, by(token(shop({ sha: 'c'.repeat(40) })), { body: FILE }));
    expect(again).toMatchObject({ status: 200, body: { revision: 1, claimedBy: { sha: 'a'.repeat(40) } } });
    expect(await table.query(ranges.audit('2026-11-21'))).toEqual(before);
  });

  it('of a changed file says by which commit, in the entry and in the audit', async () => {
    const { call, table } = await api();
    await call('PUT', CLAIM, by(token(), { body: FILE }));
    const later = shop({ sha: 'c'.repeat(40) });
    const changed = await call('PUT', CLAIM, by(token(later), { body: { ...FILE, timeoutMinutes: 9 } }));
    expect(changed).toMatchObject({ status: 200, body: { revision: 2, claimedBy: { sha: 'c'.repeat(40) } } });
    const lines = await table.query(ranges.audit('2026-11-21'));
    expect(lines.filter(({ operation }) => operation === 'claimPackage').at(-1)).toMatchObject({
      package: 'shop',
      principal: { claims: { sha: 'c'.repeat(40), ref: 'refs/heads/main' } },
    });
  });

  it.each([
    [
      'from a pull request',
      CLAIM,
      shop({ event: 'pull_request', ref: 'refs/pull/7/merge' }),
      FILE,
      'not for refs/pull/7/merge',
    ],
    ['from a comment', CLAIM, shop({ event: 'issue_comment' }), FILE, 'not of issue_comment'],
    ['from an unprotected branch', CLAIM, shop({ refProtected: false }), FILE, 'is not protected'],
    ['of a foreign name', '/packages/billing/claim', shop(), FILE, 'may not claim the package billing'],
    ['of a foreign namespace', CLAIM, shop(), { namespace: 'billing' }, 'may not claim the namespace billing'],
    ['of a foreign chart', CLAIM, shop(), { ...FILE, chart: 'oci://evil.example/shop' }, 'may not claim the chart'],
    ['by another organisation', CLAIM, shop({ ownerId: '13' }), FILE, 'self-service is for'],
  ])('%s is refused', async (_which, path, claims, body, detail) => {
    const { call, table } = await api();
    const answer = await call('PUT', path, by(token(claims), { body }));
    expect(answer.body).toMatchObject({
      status: 403,
      type: expect.stringMatching(/forbidden$/),
      detail: expect.stringContaining(detail),
    });
    expect(await table.get(keys.package('shop'))).toBeUndefined();
  });

  it.each([
    ['repositories', ['acme/other'], '/repositories'],
    ['forceConflicts', true, '/forceConflicts'],
    ['profile', 'platform', '/profile'],
    ['executor', 'codebuild', '/executor'],
    ['package', 'webui', '/package'],
    ['claimedBy', {}, '/claimedBy'],
  ])('with %s in the file is wrong', async (field, value, pointer) => {
    const { call } = await api();
    const answer = await call('PUT', CLAIM, by(token(), { body: { ...FILE, [field]: value } }));
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it("leaves operators' entries alone, even those that list the repository", async () => {
    const { call, table } = await api();
    await call('PUT', '/packages/shop', { body: { ...FILE, repositories: ['acme/shop'] } });
    const answer = await call('PUT', CLAIM, by(token(), { body: { ...FILE, timeoutMinutes: 9 } }));
    expect(answer.body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('is kept by operators (fairlead-operator/ada)'),
    });
    expect(await table.get(keys.package('shop'))).toMatchObject({ rev: 1 });
  });

  it('ends when an operator takes the entry over', async () => {
    const { call } = await api();
    await call('PUT', CLAIM, by(token(), { body: FILE }));
    const taken = await call('PUT', '/packages/shop', { body: { ...FILE, repositories: ['acme/shop'] } });
    expect(taken).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(taken.body).not.toHaveProperty('claimedBy');
    expect((await call('PUT', CLAIM, by(token(), { body: FILE }))).status).toBe(409);
  });

  it('of a repository that was made anew under the name is refused', async () => {
    const { call } = await api();
    await call('PUT', CLAIM, by(token(), { body: FILE }));
    const answer = await call('PUT', CLAIM, by(token(shop({ repositoryId: '99' })), { body: FILE }));
    expect(answer.body).toMatchObject({ status: 409, detail: expect.stringContaining('(repository 56)') });
  });

  it('cannot take a place where another package stands', async () => {
    const { call } = await api();
    await call('PUT', '/packages/other', { body: { namespace: 'webui', release: 'shop' } });
    const answer = await call('PUT', CLAIM, by(token(), { body: { namespace: 'webui' } }));
    expect(answer.body).toMatchObject({ status: 409, detail: expect.stringContaining('would share the release') });
  });

  it("cannot come into a namespace where another repository's package lives, whose team it could be there", async () => {
    const { call, table } = await api();
    const other = shop({ repository: 'acme/store', repositoryId: '78' });
    await call('PUT', '/packages/store/claim', by(token(other), { body: { namespace: 'store', team: 'store' } }));
    const renamed = shop({ repository: 'acme/store' });
    const path = '/packages/store-x/claim';
    const answer = await call('PUT', path, by(token(renamed), { body: { namespace: 'store', team: 'store' } }));
    expect(answer.body).toMatchObject({ status: 403, detail: expect.stringContaining('package store of acme/store') });
    expect(await table.get(keys.package('store-x'))).toBeUndefined();
  });

  it('by a source needs a token, since only that tells the branch', async () => {
    const { call } = await api({ sourceSettings: async () => ({ repository: 'acme/shop', packages: ['shop'] }) });
    expect((await call('PUT', CLAIM, { as: SOURCE, body: FILE })).body).toMatchObject({
      status: 403,
      type: expect.stringMatching(/token-refused$/),
    });
    expect((await call('PUT', CLAIM, by(token(), { as: SOURCE, body: FILE }))).status).toBe(201);
  });

  it('is written once when it comes twice at the same time', async () => {
    const { call, table } = await api();
    const both = await Promise.all([
      call('PUT', CLAIM, by(token(), { body: FILE })),
      call('PUT', CLAIM, by(token(), { body: FILE })),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 201]);
    expect(await table.get(keys.package('shop'))).toMatchObject({ rev: 1 });
  });
});
