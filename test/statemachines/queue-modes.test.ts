/** Queue modes on the shipped machines: who waits, who gives way, and how much it takes to find out. */
import { describe, expect, test } from 'vitest';
import { keys, ranges } from '../../domain/keys.ts';
import { aStage, NOW } from '../support/items.ts';
import { type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const ids = (n: number) => Array.from({ length: n }, (_, i) => `01JD0Z5Q6X3N8V7T2K4M9R1${String(i).padStart(3, '0')}`);
const [A = '', B = '', C = ''] = ids(3);
const only = (...names: string[]) => names.map((name) => ({ name }));
const minutes = (time: string | undefined) => (Date.parse(time ?? '') - NOW.getTime()) / 60_000;
const statesOf = async (world: RolloutWorld, id: string) =>
  (await world.deployments(id)).map(({ environment, state, outcome }) => [environment, state, outcome?.code]);
/** One stage that stands for ten minutes, then another. */
const slow = [aStage({ name: 'first', targets: only('dev'), soakMinutes: 10 }), aStage({ targets: only('eu') })];

describe('supersede', () => {
  const queue = { dev: 'supersede', eu: 'supersede' } as const;

  test('of those that wait, the newest goes; the one under way is left alone', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'], queue });
    await world.request(A, slow);
    await world.pass(60);
    await world.request(B);
    await world.pass(30);
    expect(await world.rollout(B)).toMatchObject({ state: 'waiting' });
    await world.request(C);
    const [first, second, third] = await world.over(A, B, C);
    expect([first?.state, second?.state, third?.state]).toEqual(['succeeded', 'superseded', 'succeeded']);
    expect(second).toMatchObject({ supersededBy: C, outcome: { code: 'superseded' } });
    expect(second?.outcome?.because).toBe(`rollout ${C} took its place in dev, eu`);
    expect(minutes(second?.finishedAt)).toBeLessThan(2);
    expect(await statesOf(world, B)).toEqual([
      ['dev', 'skipped', 'superseded'],
      ['eu', 'skipped', 'superseded'],
    ]);
    expect((await statesOf(world, A)).map(([, state]) => state)).toEqual(['succeeded', 'succeeded']);
    const events = await world.table.query(ranges.events(B));
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ kind }) => kind === 'superseded').map(({ environment }) => environment)).toEqual([
      'dev',
      'eu',
    ]);
    expect(world.deadLetters).toEqual([]);
  });

  test('only where the mode says so: elsewhere it has its turn, and then ends superseded', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'], queue: { dev: 'supersede' } });
    await world.request(A, slow);
    await world.pass(60);
    await world.request(B);
    await world.request(C);
    const [, second, third] = await world.over(A, B, C);
    expect(await statesOf(world, B)).toEqual([
      ['dev', 'skipped', 'superseded'],
      ['eu', 'succeeded', 'ready'],
    ]);
    expect(second).toMatchObject({ state: 'superseded', supersededBy: C });
    expect(third?.state).toBe('succeeded');
    const eu = async (id: string) => (await world.deployments(id)).find(({ environment }) => environment === 'eu');
    expect(minutes((await eu(C))?.startedAt)).toBeGreaterThanOrEqual(minutes((await eu(B))?.finishedAt));
  });

  test('at a gate, too: what stands before it is left to the newer one, which does not wait for it', async () => {
    const gate = { approvals: 1, authorMayApprove: false, hours: 72, statuses: [] };
    const world = await rolloutWorld({ environments: ['dev', 'eu'], queue });
    await world.request(A, [aStage({ name: 'first', targets: only('dev') }), aStage({ targets: only('eu'), gate })]);
    await world.pass(60);
    expect(await world.table.get(keys.wait(A))).toMatchObject({ on: 'gate' });
    await world.request(B);
    const [first, second] = await world.over(A, B);
    expect(first).toMatchObject({ state: 'superseded', supersededBy: B });
    expect(first?.outcome?.because).toBe(`rollout ${B} took its place in eu; 1 of 2 deployments had succeeded before`);
    expect(second?.state).toBe('succeeded');
    expect(minutes(second?.finishedAt)).toBeLessThan(3);
  });

  test('when the newer one comes while nobody listens, the older one finds it out by itself', async () => {
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      queue,
      stream: (reader, { after }) => (reader === 'wake-rollout' && after?.type === 'open' ? [] : [0.01]),
    });
    await world.request(A, [
      aStage({ name: 'first', targets: only('dev'), soakMinutes: 60 }),
      aStage({ targets: only('eu') }),
    ]);
    await world.pass(60);
    await world.request(B);
    await world.request(C);
    const [, second] = await world.over(A, B, C);
    expect(second?.state).toBe('superseded');
    expect(minutes(second?.finishedAt)).toBeLessThan(20);
  });
});

describe('queue', () => {
  test('rollouts that share no environment run side by side; who shares one waits for whom it says', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'] });
    await world.request(A, slow);
    await world.request(B, [aStage({ targets: only('us') })]);
    await world.request(C, [aStage({ targets: only('eu', 'us') })]);
    await world.pass(120);
    expect((await world.rollout(B)).state).toBe('succeeded');
    expect(await world.table.get(keys.wait(C))).toMatchObject({ on: 'queue', behind: A });
    const [first, , third] = await world.over(A, B, C);
    expect(minutes(third?.finishedAt) - minutes(first?.finishedAt)).toBeLessThan(1);
  });

  test('200 of one package each have their turn, with wake-ups and decisions that grow as they do', async () => {
    const all = ids(200);
    let woken = 0;
    const world = await rolloutWorld({
      environments: ['dev'],
      around: (moment, name) => {
        if (moment === 'before' && name === 'SendTaskSuccess') woken += 1;
      },
    });
    // All of them wait behind the first.
    await world.request(all[0] ?? '', [aStage({ soakMinutes: 10 })]);
    await world.pass(60);
    for (const id of all.slice(1)) await world.request(id);
    const ended = await world.over(...all);
    expect(new Set(ended.map(({ state }) => state))).toEqual(new Set(['succeeded']));
    const ends = ended.map(({ finishedAt }) => finishedAt ?? '');
    expect(ends).toEqual(ends.toSorted());
    const decided = world.called.filter((name) => name === 'decide-next').length;
    // Each is planned behind the one before it, waits for that one, and is woken when it has ended.
    expect(woken).toBeLessThanOrEqual(3 * all.length);
    expect(decided).toBeLessThanOrEqual(6 * all.length);
    expect(world.deadLetters).toEqual([]);
  }, 120_000);

  test('50 that wait where the newest one goes end superseded, all but the first and the last', async () => {
    const all = ids(50);
    let woken = 0;
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      queue: { dev: 'supersede', eu: 'supersede' },
      around: (moment, name) => {
        if (moment === 'before' && name === 'SendTaskSuccess') woken += 1;
      },
    });
    await world.request(all[0] ?? '', slow);
    await world.pass(60);
    for (const id of all.slice(1)) await world.request(id);
    const ended = await world.over(...all);
    const states = ended.map(({ state }) => state);
    expect([states[0], states.at(-1)]).toEqual(['succeeded', 'succeeded']);
    expect(new Set(states.slice(1, -1))).toEqual(new Set(['superseded']));
    expect(woken).toBeLessThanOrEqual(3 * all.length);
  }, 120_000);
});
