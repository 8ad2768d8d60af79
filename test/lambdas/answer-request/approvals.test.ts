import { beforeEach, describe, expect, it } from 'vitest';
import type { VerifiedClaims } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { replace } from '../../../domain/table.ts';
import { claimsOf } from '../../support/claims.ts';
import { planByHand } from '../../support/plan-by-hand.ts';
import { ACCOUNT, type Answered, OPERATOR, type Options, READER, registered, SOURCE, type TestApi } from './support.ts';

const session = (role: string, name = 'bob') => `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-${role}/${name}`;
const SRE = session('approver-sre');
const ROLLOUTS = '/packages/webui/rollouts';
const GATE = { approvals: 2, statuses: ['load-test'] };
const STAGES = [
  { name: 'dev', targets: [{ ring: 'dev' }] },
  { name: 'prod', targets: [{ ring: 'prod' }], gate: GATE },
  { name: 'nowhere', targets: [{ ring: 'moon' }], gate: GATE },
];

/** A token of the tests is its claims. */
const verifyToken = async (token: string) => {
  const { jti, ...claims } = JSON.parse(token) as VerifiedClaims & { jti: string };
  return { verified: true as const, claims, jti, expiresAt: new Date('2026-11-21T11:00:00Z') };
};

let api: TestApi;
let id: string;
beforeEach(async () => {
  api = await registered({ verifyToken });
  id = await begun();
});

const begun = async (stages: unknown = STAGES, as = SOURCE): Promise<string> => {
  const answer = await api.call('POST', ROLLOUTS, { body: { version: '1.4.2', stages }, as });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  await planByHand({ table: api.table, now: api.deps.now }, answer.body.id, { dev: 'dev', 'prod-eu': 'prod' });
  return answer.body.id;
};

const say = (body: object, more: Options & { stage?: string; id?: string } = {}): Promise<Answered> =>
  api.call('PUT', `${ROLLOUTS}/${more.id ?? id}/stages/${more.stage ?? 'prod'}/approval`, { as: SRE, ...more, body });
const approve = (more: Parameters<typeof say>[1] = {}) => say({ decision: 'approve' }, more);
const refuse = (more: Parameters<typeof say>[1] = {}) => say({ decision: 'refuse', reason: 'errors in staging' }, more);
const report = (name: string, body: object, more: Options = {}): Promise<Answered> =>
  api.call('PUT', `${ROLLOUTS}/${id}/statuses/${name}`, { as: SOURCE, ...more, body });
const history = async () => (await api.table.query(ranges.events(id))).map(({ kind }) => kind);
const revision = async () => (await api.table.get(keys.rollout(id)))?.rev;
const change = async (changes: object) => {
  const seen = await api.table.get(keys.rollout(id));
  if (seen === undefined) throw new Error('no such rollout');
  await api.table.transact([replace(keys.rollout(id), seen, changes)]);
};
const job = (claims: Partial<VerifiedClaims>, jti = 'jti-1') => ({
  'Fairlead-Token': JSON.stringify({ ...claimsOf({ repository: 'acme/shop', ...claims }), jti }),
});

describe('approving a stage', () => {
  it('leaves the approval, an event and an audit line, and changes the rollout, which wakes it', async () => {
    const before = await revision();
    const { status, body } = await say({ decision: 'approve', reason: 'looks fine', planDigest: 'hmac-sha256:plan' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      package: 'webui',
      stage: 'prod',
      approval: { identity: 'role/fairlead-approver-sre', by: 'fairlead-approver-sre/bob', counts: true },
      gate: { state: 'closed', because: '1 of 2 approvals (fairlead-approver-sre/bob); load-test not reported' },
    });
    expect(await revision()).toBe((before ?? 0) + 1);
    expect((await api.table.query(ranges.events(id))).at(-1)).toMatchObject({
      kind: 'approval-given',
      text: 'stage prod approved as role/fairlead-approver-sre: looks fine',
      by: 'fairlead-approver-sre/bob',
      stage: 'prod',
    });
    expect(
      api.table
        .all()
        .filter(({ type }) => type === 'audit')
        .at(-1),
    ).toMatchObject({
      operation: 'putApproval',
      rollout: id,
      principal: { role: 'fairlead-approver-sre', session: 'bob' },
    });
  });

  it('twice is the same as once, whatever the sessions are called', async () => {
    await approve();
    const [events, rev] = [await history(), await revision()];
    const again = await approve({ as: session('approver-sre', 'mallory') });
    expect([again.status, again.body.gate.given.length]).toEqual([200, 1]);
    expect([await history(), await revision()]).toEqual([events, rev]);
  });

  it('again when the first one is expired counts anew', async () => {
    await approve();
    api.advance(72 * 3_600_000);
    expect((await api.call('GET', `${ROLLOUTS}/${id}`)).body.stages[1].gate).toMatchObject({
      because: '0 of 2 approvals; load-test not reported',
      given: [{ counts: false }],
    });
    expect((await approve()).body.gate.because).toMatch(/^1 of 2/);
    expect((await history()).filter((kind) => kind === 'approval-given')).toHaveLength(2);
  });

  it('opens the gate with enough identities and statuses, as every view of the rollout says', async () => {
    await approve();
    await approve({ as: OPERATOR });
    await report('load-test', { state: 'success', description: 'p99 is 90 ms', url: 'https://load.example/7' });
    const { stages } = (await api.call('GET', `${ROLLOUTS}/${id}`, { as: SRE })).body;
    expect(stages[1].gate).toMatchObject({
      state: 'open',
      approvals: 2,
      statuses: ['load-test'],
      given: [{ identity: 'role/fairlead-approver-sre' }, { identity: 'role/fairlead-operator' }],
      reported: [{ name: 'load-test', state: 'success', description: 'p99 is 90 ms', url: 'https://load.example/7' }],
    });
    expect(stages[0]).not.toHaveProperty('gate');
  });

  it('at once by two loses none of both', async () => {
    const patient = { tries: 50, pause: async () => {} };
    api = await registered({ patience: patient });
    id = await begun();
    await Promise.all([approve(), approve({ as: OPERATOR }), report('load-test', { state: 'success' })]);
    expect((await api.call('GET', `${ROLLOUTS}/${id}`)).body.stages[1].gate.state).toBe('open');
    const numbers = (await api.table.query(ranges.events(id))).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('is not for who started the rollout, unless the gate lets them', async () => {
    id = await begun(STAGES, OPERATOR);
    const answer = await approve({ as: session('operator', 'somebody-else') });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('who starts a rollout does not approve it');
    const lenient = STAGES.map((stage) => ({
      ...stage,
      ...(stage.gate && { gate: { ...GATE, authorMayApprove: true } }),
    }));
    id = await begun(lenient, OPERATOR);
    expect((await approve({ as: OPERATOR })).status).toBe(200);
  });

  it('is for whom the gate lists, and nobody else', async () => {
    const approvers = { roles: ['fairlead-approver-sre'] };
    id = await begun(STAGES.map((stage) => ({ ...stage, ...(stage.gate && { gate: { ...GATE, approvers } }) })));
    const answer = await approve({ as: OPERATOR });
    expect([answer.status, answer.body.detail]).toEqual([
      403,
      'fairlead-operator may not approve this stage: role fairlead-approver-sre may',
    ]);
    expect((await approve({ as: session('approver-dba') })).status).toBe(403);
    expect((await approve()).status).toBe(200);
  });

  it('is not for readers, nor for workflows that nobody listed', async () => {
    expect((await approve({ as: READER })).status).toBe(403);
    expect((await approve({ as: SOURCE })).status).toBe(403);
  });

  it('in an emergency is done by the emergency role, with its reason wherever the approval is seen', async () => {
    const approvers = { roles: ['fairlead-approver-sre'] };
    id = await begun(STAGES.map((stage) => ({ ...stage, ...(stage.gate && { gate: { ...GATE, approvers } }) })));
    const glass = { as: session('break-glass'), headers: { 'Fairlead-Break-Glass': 'sre%20is%20asleep' } };
    expect((await approve(glass)).body.approval).toMatchObject({
      identity: 'role/fairlead-break-glass',
      breakGlass: 'sre is asleep',
      counts: true,
    });
    expect((await api.table.query(ranges.events(id))).at(-1)?.text).toContain('(BREAK-GLASS: sre is asleep)');
  });

  it.each<[string, () => Promise<Answered>, number, string]>([
    ['before it is planned', async () => approve({ id: await unplanned() }), 409, 'is not planned yet'],
    [
      'of a plan that is another by now',
      () => say({ decision: 'approve', planDigest: 'hmac-sha256:x' }),
      409,
      'the plan of rollout',
    ],
    ['of a stage without a gate', () => approve({ stage: 'dev' }), 409, 'stage dev has no gate'],
    ['of a stage without environments', () => refuse({ stage: 'nowhere' }), 409, 'stage nowhere has no environments'],
    ['of a stage that there is not', () => approve({ stage: 'qa' }), 404, 'has no stage qa: it has dev, prod, nowhere'],
    ['of a stage that has begun', () => sentOff().then(() => approve()), 409, 'stage prod has begun'],
    ['of a rollout that is over', () => change({ state: 'failed' }).then(() => approve()), 409, 'is over: failed'],
    ['that is nothing', () => say({ decision: 'perhaps' }), 422, '/decision'],
    ['with fields of no meaning', () => say({ decision: 'approve', by: 'ada' }), 422, 'by'],
    ['of a rollout that there is not', () => approve({ id: '01JD0Z5Q6X3N8V7T2K4M9R1ZZZ' }), 404, 'has no rollout'],
    ['of a stage by a wrong name', () => approve({ stage: 'Prod' }), 422, 'stage in the path'],
  ])('%s is refused', async (_when, call, status, words) => {
    const answer = await call();
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(words)]);
    expect(await api.table.query(ranges.approvals(id))).toEqual([]);
  });
});

const unplanned = async () => (await api.call('POST', ROLLOUTS, { body: { version: '1.4.3' }, as: SOURCE })).body.id;

async function sentOff() {
  const key = keys.deployment(id, 'prod-eu');
  const seen = await api.table.get(key);
  if (seen === undefined) throw new Error('not planned');
  await api.table.transact([replace(key, seen, { attempt: 1 })]);
}

describe('a GitHub environment', () => {
  const approvers = { githubEnvironments: ['acme/shop:production'] };
  const gated = (more: object = {}) =>
    STAGES.map((stage) => ({
      ...stage,
      ...(stage.gate && { gate: { ...GATE, approvers: { ...approvers, ...more } } }),
    }));

  it('approves by a job that GitHub let into it, whatever role the job came with', async () => {
    id = await begun(gated());
    const { status, body } = await approve({ as: SOURCE, headers: job({ environment: 'Production' }) });
    expect([status, body.approval]).toMatchObject([200, { identity: 'github/acme/shop:production', counts: true }]);
  });

  it.each([
    ['in another environment', job({ environment: 'review' })],
    ['in none', job({})],
    ['that proves nothing', {}],
  ])('is not spoken for by a job %s', async (_which, headers) => {
    id = await begun(gated());
    expect((await approve({ as: SOURCE, headers })).status).toBe(403);
  });

  it('is one with the role that its job came by', async () => {
    id = await begun(gated({ roles: ['fairlead-source-shop'] }), OPERATOR);
    await approve({ as: SOURCE });
    expect((await approve({ as: SOURCE, headers: job({ environment: 'production' }) })).body.gate).toMatchObject({
      because: expect.stringContaining('1 of 2 approvals'),
      given: [{ counts: false }, { counts: true }],
    });
  });
});

describe('refusing a stage', () => {
  it('is written down with its reason, also by who started the rollout', async () => {
    expect((await refuse({ as: SOURCE })).body).toMatchObject({
      approval: { identity: 'role/fairlead-source-shop', decision: 'refuse', reason: 'errors in staging' },
    });
    expect((await api.table.query(ranges.events(id))).at(-1)).toMatchObject({ kind: 'approval-refused' });
  });

  it('needs a reason', async () => {
    const answer = await say({ decision: 'refuse' });
    expect([answer.status, answer.body.errors]).toMatchObject([422, [{ pointer: '/reason' }]]);
    expect((await say({ decision: 'refuse', reason: '  ' })).status).toBe(422);
  });

  it('stands: another session of the role cannot take it back', async () => {
    await approve();
    await refuse();
    const answer = await approve({ as: session('approver-sre', 'carol') });
    expect([answer.status, answer.body.detail]).toEqual([
      409,
      expect.stringContaining('fairlead-approver-sre/bob has refused stage prod'),
    ]);
    expect((await refuse()).status).toBe(200);
    expect((await history()).filter((kind) => kind === 'approval-refused')).toHaveLength(1);
  });

  it('is not for who has nothing to say there', async () => {
    id = await begun(STAGES, OPERATOR);
    expect((await refuse({ as: SOURCE })).status).toBe(403);
  });
});

describe('reporting a status', () => {
  it('leaves the status and an event, and changes the rollout, which wakes it', async () => {
    const before = await revision();
    const { status, body } = await report('load-test', { state: 'pending' });
    expect([status, body.status]).toMatchObject([
      200,
      { name: 'load-test', state: 'pending', by: 'fairlead-source-shop/gh-1' },
    ]);
    expect(await revision()).toBe((before ?? 0) + 1);
    expect((await api.table.query(ranges.events(id))).at(-1)).toMatchObject({
      kind: 'status-set',
      text: 'load-test is pending',
    });
  });

  it('twice is the same as once; the last one holds', async () => {
    await report('load-test', { state: 'pending' });
    const rev = await revision();
    await report('load-test', { state: 'pending' });
    expect(await revision()).toBe(rev);
    await report('load-test', { state: 'success' });
    expect(await api.table.query(ranges.statuses(id))).toMatchObject([{ state: 'success' }]);
  });

  it.each<[string, () => Promise<Answered>, number, string]>([
    ['that no gate asks for', () => report('scan', { state: 'success' }), 409, 'they ask for load-test'],
    [
      'of a rollout that is over',
      () => change({ state: 'aborted' }).then(() => report('load-test', { state: 'success' })),
      409,
      'is over',
    ],
    ['with a state that there is not', () => report('load-test', { state: 'green' }), 422, '/state'],
    [
      'with an address that is none',
      () => report('load-test', { state: 'success', url: 'javascript:alert(1)' }),
      422,
      '/url',
    ],
    ['by a reader', () => report('load-test', { state: 'success' }, { as: READER }), 403, 'may not'],
    [
      'by an approver, who has another say',
      () => report('load-test', { state: 'success' }, { as: SRE }),
      403,
      'may not',
    ],
  ])('%s is refused', async (_when, call, status, words) => {
    const answer = await call();
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(words)]);
    expect(await api.table.query(ranges.statuses(id))).toEqual([]);
  });
});
