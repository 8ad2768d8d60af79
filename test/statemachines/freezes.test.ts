/** Freezes in the whole protocol, in virtual time: the shipped machines and functions, the table and its stream. */
import { describe, expect, test } from 'vitest';
import type { DeployerInput } from '../../contracts/deployer.ts';
import type { FreezeItem } from '../../domain/items/gates.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { aStage, later, NOW, OTHER_ROLLOUT, ROLLOUT } from '../support/items.ts';
import { type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const aFreeze = (given: Partial<FreezeItem> = {}): FreezeItem => ({
  type: 'freeze',
  v: 1,
  rev: 1,
  name: 'launch',
  window: { is: 'until-lifted' },
  target: {},
  reason: 'the big day',
  overridableBy: ['fairlead-operator'],
  by: 'fairlead-operator/ann',
  at: NOW.toISOString(),
  ...given,
});
const put = (world: RolloutWorld, freeze: FreezeItem) =>
  world.table.transact([{ do: 'put', key: keys.freeze(freeze.name), item: freeze, expect: 'any' }]);
const lift = (world: RolloutWorld, name = 'launch') =>
  world.table.transact([{ do: 'delete', key: keys.freeze(name), expect: 'any' }]);
const begunIn = async (world: RolloutWorld, id = ROLLOUT) =>
  (await world.deployments(id))
    .filter(({ startedAt }) => startedAt !== undefined)
    .map(({ environment }) => environment);
const wait = (world: RolloutWorld, id = ROLLOUT) => world.table.get(keys.wait(id));
const deployments = (world: RolloutWorld) => world.called.filter((name) => name === 'begin-deployment').length;
const window = (minutes: number) =>
  ({ is: 'once', from: later(-60).toISOString(), to: later(minutes).toISOString() }) as const;

describe('a rollout into a freeze', () => {
  test('waits, says on which freeze and until when and what ends it, and occupies nothing', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'test'] });
    await put(world, aFreeze({ window: window(180) }));
    await world.request(ROLLOUT);
    await world.pass(3600);
    expect(await wait(world)).toMatchObject({
      on: 'freeze',
      stage: 'everyone',
      because: expect.stringMatching(
        /dev, test are frozen: freeze launch by fairlead-operator\/ann holds until .*: the big day/,
      ),
      who: expect.stringContaining('fairlead freeze lift launch'),
    });
    expect(deployments(world)).toBe(0);
    expect(await world.table.query(ranges.waiters())).toHaveLength(1);
    expect((await world.deployments(ROLLOUT)).map(({ attempt }) => attempt)).toEqual([0, 0]);
  });

  test('begins by itself when the window opens, within two minutes, and is forgotten among those who wait', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze({ window: window(180) }));
    await world.request(ROLLOUT);
    const [end] = await world.over(ROLLOUT);
    expect(end?.state).toBe('succeeded');
    const [dev] = await world.deployments(ROLLOUT);
    const late = Date.parse(dev?.startedAt ?? '') - later(180).getTime();
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(130_000);
    expect(await world.table.query(ranges.waiters())).toEqual([]);
  });

  test('goes on at once when the freeze is lifted', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(3 * 86_400);
    expect((await wait(world))?.on).toBe('freeze');
    await lift(world);
    const lifted = world.time.now().getTime();
    await world.pass(5);
    const [dev] = await world.deployments(ROLLOUT);
    expect(Date.parse(dev?.startedAt ?? '') - lifted).toBeLessThan(5000);
  });

  test('that waits for something else once the freeze is lifted is forgotten among those who wait for it', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'test'] });
    await world.request(ROLLOUT, [aStage({ maxParallel: 1, spreadMinutes: 240 })]);
    await world.pass(600);
    expect((await world.deployments(ROLLOUT)).map(({ state }) => state)).toEqual(['succeeded', 'pending']);
    const paced = (await wait(world))?.on;
    await put(world, aFreeze());
    for (let hour = 0; hour < 4 && (await wait(world))?.on !== 'freeze'; hour++) await world.pass(3600);
    expect(await world.table.query(ranges.waiters())).toHaveLength(1);
    await lift(world);
    await world.pass(5);
    expect((await wait(world))?.on).toBe(paced);
    expect(await world.table.query(ranges.waiters())).toEqual([]);
  });

  test('goes on when the freeze is changed so that it means others', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(600);
    await put(world, aFreeze({ rev: 2, target: { name: 'prod' } }));
    await world.pass(5);
    expect(await begunIn(world)).toEqual(['dev']);
  });

  test('waits on while another freeze holds, and tells of that one', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze());
    await put(world, aFreeze({ name: 'stop', reason: 'incident' }));
    await world.request(ROLLOUT);
    await world.pass(600);
    await lift(world);
    await world.pass(60);
    expect((await wait(world))?.because).toContain('freeze stop');
    expect((await wait(world))?.who).toContain('fairlead resume');
    await lift(world, 'stop');
    await world.pass(5);
    expect(await begunIn(world)).toEqual(['dev']);
  });

  test('that is of another package or other labels goes through', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze({ packages: ['worker'] }));
    await put(world, aFreeze({ name: 'prod', target: { name: 'prod' } }));
    await world.request(ROLLOUT);
    expect((await world.over(ROLLOUT))[0]?.state).toBe('succeeded');
  });

  test('can be aborted while it waits', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(600);
    await world.abort(ROLLOUT);
    expect((await world.over(ROLLOUT))[0]?.state).toBe('aborted');
    expect(await world.table.query(ranges.waiters())).toEqual([]);
  });

  test('ends after a month, and says on what it waited', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(30 * 86_400 + 60);
    const [end] = await world.over(ROLLOUT);
    expect(end).toMatchObject({ state: 'failed', outcome: { code: 'waited-too-long' } });
    expect(end?.outcome?.because).toContain('freeze launch');
    const days = (Date.parse(end?.finishedAt ?? '') - NOW.getTime()) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(30);
    expect(days).toBeLessThan(30.1);
  }, 60_000);

  test('keeps its place: whoever comes later waits behind it', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(60);
    await world.request(OTHER_ROLLOUT);
    await world.pass(60);
    expect(await wait(world, OTHER_ROLLOUT)).toMatchObject({ on: 'queue' });
    await lift(world);
    const [first, second] = await world.over(ROLLOUT, OTHER_ROLLOUT);
    expect([first?.state, second?.state]).toEqual(['succeeded', 'succeeded']);
  });
});

describe('no wake-up is lost', () => {
  test('when the freeze is lifted between the decision to wait and the stored token', async () => {
    let world: RolloutWorld | undefined;
    let decided = 0;
    const around = async (moment: string, name: string): Promise<void> => {
      if (world === undefined || moment !== 'before' || name !== 'store-wait') return;
      if (++decided === 1) await lift(world);
    };
    world = await rolloutWorld({ environments: ['dev'], around });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(10);
    expect(decided).toBe(1);
    expect(await begunIn(world)).toEqual(['dev']);
  });

  test('for longer than five minutes when the record of the lifting is: the sweeper looks', async () => {
    const world = await rolloutWorld({
      environments: ['dev'],
      sweeps: true,
      stream: (_reader, { key }) => (key.type === 'freeze' ? [] : [0.01]),
    });
    await put(world, aFreeze());
    await world.request(ROLLOUT);
    await world.pass(3600);
    await lift(world);
    const lifted = world.time.now().getTime();
    await world.over(ROLLOUT);
    const [dev] = await world.deployments(ROLLOUT);
    expect(Date.parse(dev?.startedAt ?? '') - lifted).toBeLessThan(6 * 60_000);
  });

  test('of any of many behind one freeze: all begin, and nobody is left among those who wait', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    await put(world, aFreeze({ window: window(60) }));
    const ids = Array.from({ length: 12 }, (_, i) => `${ROLLOUT.slice(0, 24)}${String(i + 10)}`);
    for (const id of ids) await world.request(id);
    const ended = await world.over(...ids);
    expect(ended.map(({ state }) => state)).toEqual(ids.map(() => 'succeeded'));
    expect(await world.table.query(ranges.waiters())).toEqual([]);
  });
});

describe('part of a stage', () => {
  test('that is free goes, and the stage waits for the rest', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'prod', 'test'] });
    await put(world, aFreeze({ target: { name: 'prod' } }));
    await world.request(ROLLOUT, [aStage({ name: 'all', targets: [{}] })]);
    await world.pass(600);
    expect(await begunIn(world)).toEqual(['dev', 'test']);
    expect((await wait(world))?.because).toContain('stage all: prod is frozen');
    await lift(world);
    expect((await world.over(ROLLOUT))[0]?.state).toBe('succeeded');
  });

  test('that has not begun is kept from it by a freeze that comes in the middle', async () => {
    let world: RolloutWorld | undefined;
    const applied: string[] = [];
    const deployer = async (input: DeployerInput): Promise<object> => {
      if (input.operation !== 'apply') return { outcome: 'ready', because: 'all ready' };
      applied.push(input.environment);
      if (world !== undefined && applied.length === 1) await put(world, aFreeze({ name: 'stop' }));
      return { outcome: 'applied', revision: 1, because: 'helm applied revision 1' };
    };
    world = await rolloutWorld({ environments: ['dev', 'prod', 'test'], deployer });
    await world.request(ROLLOUT, [aStage({ maxParallel: 1 })]);
    await world.pass(600);
    expect(applied).toHaveLength(1);
    expect(await begunIn(world)).toHaveLength(1);
    expect((await wait(world))?.on).toBe('freeze');
    await lift(world, 'stop');
    expect((await world.over(ROLLOUT))[0]?.state).toBe('succeeded');
    expect(applied).toHaveLength(3);
  });
});
