/** Gates on the shipped machines and the real functions, in time that nobody waits for. */
import { describe, expect, test } from 'vitest';
import { giveApproval } from '../../domain/approvals/give-approval.ts';
import { setStatus } from '../../domain/approvals/set-status.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import type { StageRequest } from '../../domain/items/registry.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { lookAtRollout } from '../../domain/rollout/look-at-rollout.ts';
import { aGate, aStage, NOW } from '../support/items.ts';
import { type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const A = '01JD0Z5Q6X3N8V7T2K4M9R1B0A';
const patience: Patience = { tries: 30, pause: async () => undefined };
const minutes = (time: string | undefined) => (Date.parse(time ?? '') - NOW.getTime()) / 60_000;
const principal = (role: string, session = 'bob') => ({ role, session, account: '111111111111' });

const gated = (gate: Parameters<typeof aGate>[0]): readonly StageRequest[] => [
  aStage({ name: 'dev', targets: [{ name: 'dev' }] }),
  aStage({ name: 'prod', gate: aGate(gate) }),
];

/** A world whose rollout has come to its gate. */
async function waiting(gate: Parameters<typeof aGate>[0], props: Partial<Parameters<typeof rolloutWorld>[0]> = {}) {
  const world = await rolloutWorld({ environments: ['dev', 'eu'], ...props });
  await world.request(A, gated(gate));
  await world.pass(60);
  return world;
}

const whole = async (world: RolloutWorld) => {
  const seen = await lookAtRollout(world.table, A);
  if (seen === undefined) throw new Error('there is no rollout');
  return seen;
};

const say = (world: RolloutWorld, role: string, decision: 'approve' | 'refuse' = 'approve', session = 'bob') =>
  commit(world.table, patience, async () => {
    const approver = { principal: principal(role, session), is: 'approver' };
    const given = { stage: 'prod', approver, decision, reason: 'so it is' };
    const answer = giveApproval(await whole(world), given, world.time.now());
    return { writes: 'writes' in answer ? answer.writes : [], result: answer.answer };
  });

const report = (world: RolloutWorld, state: 'pending' | 'success' | 'failure') =>
  commit(world.table, patience, async () => {
    const [seen, status] = [await whole(world), await world.table.get(keys.status(A, 'load-test'))];
    const reported = { name: 'load-test', state, principal: principal('fairlead-source-webui') };
    const answer = setStatus({ ...seen, status }, reported, world.time.now());
    return { writes: 'writes' in answer ? answer.writes : [], result: answer.answer };
  });

const states = async (world: RolloutWorld) => (await world.deployments(A)).map(({ state }) => state);

describe('a gate', () => {
  test('is waited for once what is before it is done, and told with who, since and until when', async () => {
    const world = await waiting({ hours: 24 });
    expect(await states(world)).toEqual(['succeeded', 'pending']);
    expect(await world.table.get(keys.wait(A))).toMatchObject({
      on: 'gate',
      stage: 'prod',
      because: expect.stringContaining('0 of 1 approvals'),
      who: expect.stringContaining(`fairlead approve webui ${A} prod`),
    });
    const { state, stages } = await world.rollout(A);
    expect(state).toBe('waiting');
    expect(minutes(stages?.['prod']?.gateSince)).toBeLessThan(1);
  });

  test('lets the stage go at once when it opens, by nobody but different identities', async () => {
    const world = await waiting({ approvals: 2 });
    await world.pass(3600);
    expect(await say(world, 'fairlead-approver-sre')).toBe('given');
    expect(await say(world, 'fairlead-approver-sre', 'approve', 'carol')).toBe('given-before');
    await world.pass(3600);
    expect(await world.table.get(keys.wait(A))).toMatchObject({ because: expect.stringContaining('1 of 2 approvals') });
    await say(world, 'fairlead-operator');
    await world.pass(60);
    expect(await states(world)).toEqual(['succeeded', 'succeeded']);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('succeeded');
    expect(minutes(rollout?.finishedAt)).toBeLessThan(123);
  });

  test('that was opened before anybody waited is passed without a stop', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'] });
    await world.request(A, [
      aStage({ name: 'dev', targets: [{ name: 'dev' }], soakMinutes: 10 }),
      ...gated({}).slice(1),
    ]);
    await world.pass(60);
    expect(await say(world, 'fairlead-operator')).toBe('given');
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded' });
    expect(rollout?.stages?.['prod']).not.toHaveProperty('gateSince');
  });

  test('opens for a check that is reported from outside', async () => {
    const world = await waiting({ approvals: 0, statuses: ['load-test'] });
    await report(world, 'pending');
    await world.pass(600);
    expect(await world.table.get(keys.wait(A))).toMatchObject({
      because: expect.stringContaining('load-test pending'),
    });
    await report(world, 'success');
    expect((await world.over(A))[0]).toMatchObject({ state: 'succeeded' });
  });

  test('that nobody opens fails the rollout when its time is up, and what is behind it stays untouched', async () => {
    const world = await waiting({ hours: 24 });
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'failed', outcome: { code: 'gate-expired' } });
    expect(minutes(rollout?.finishedAt)).toBeGreaterThanOrEqual(24 * 60);
    expect(minutes(rollout?.finishedAt)).toBeLessThan(24 * 60 + 2);
    expect(await states(world)).toEqual(['succeeded', 'pending']);
    expect(await world.table.query(ranges.open('webui'))).toEqual([]);
  });

  test('is waited for anew when the rollout is retried after its time was up, and another stage needs nobody again', async () => {
    const world = await waiting({ hours: 2 });
    expect((await world.over(A))[0]).toMatchObject({ outcome: { code: 'gate-expired' } });
    expect(await world.retry(A)).toBe('placed');
    await world.pass(3600);
    expect(await world.table.get(keys.wait(A))).toMatchObject({ on: 'gate', stage: 'prod' });
    await say(world, 'fairlead-operator');
    expect((await world.over(A))[0]).toMatchObject({ state: 'succeeded' });
  });

  test('asks again for a check that failed before the retry', async () => {
    const world = await waiting({ approvals: 0, statuses: ['load-test'] });
    await report(world, 'failure');
    await world.over(A);
    expect(await world.retry(A)).toBe('placed');
    await world.pass(60);
    expect(await world.table.get(keys.wait(A))).toMatchObject({ because: expect.stringContaining('not reported') });
    await report(world, 'success');
    expect((await world.over(A))[0]).toMatchObject({ state: 'succeeded' });
  });

  test('that is refused ends the rollout at once', async () => {
    const world = await waiting({});
    await say(world, 'fairlead-operator', 'refuse');
    const [rollout] = await world.over(A);
    const because = 'stage prod was refused by fairlead-operator/bob: so it is';
    expect(rollout).toMatchObject({ state: 'aborted', outcome: { code: 'refused', because } });
    expect(minutes(rollout?.finishedAt)).toBeLessThan(3);
    expect(await states(world)).toEqual(['succeeded', 'pending']);
  });

  test('whose check fails ends the rollout at once', async () => {
    const world = await waiting({ approvals: 0, statuses: ['load-test'] });
    await report(world, 'failure');
    expect((await world.over(A))[0]).toMatchObject({ state: 'failed', outcome: { code: 'status-failed' } });
  });

  test('is opened by a word whose wake-up was lost, too: hours late at most', async () => {
    const world = await waiting({}, { stream: (reader) => (reader === 'wake-rollout' ? [] : [0.01]) });
    await say(world, 'fairlead-operator');
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded' });
    expect(minutes(rollout?.finishedAt)).toBeLessThan(4 * 60 + 10);
  });

  test('hears a refusal that comes while the stage begins, at every moment, or says that it came too late', async () => {
    const answers = new Set<string>();
    for (let moment = 0, over = false; !over; moment++) {
      let [left, answer]: [number, string | undefined] = [Number.POSITIVE_INFINITY, undefined];
      const refuseNow = async () => {
        if (left-- === 0) answer = await say(world, 'fairlead-operator', 'refuse');
      };
      const world: RolloutWorld = await waiting({}, { around: refuseNow });
      left = moment;
      await say(world, 'fairlead-approver-sre');
      const [rollout] = await world.over(A);
      over = answer === undefined;
      if (answer === undefined) continue;
      answers.add(answer);
      expect([moment, answer, rollout?.state]).toEqual([moment, answer, answer === 'given' ? 'aborted' : 'succeeded']);
    }
    expect([...answers]).toEqual(['given', 'cannot', 'already-over']);
  });
});
