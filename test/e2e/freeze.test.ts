/** Freezes on the running stack: a window that opens, one that is lifted, a stopped line, and an override that everybody sees. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../contracts/outcome-table.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

const fairlead = (...argv: readonly string[]) => mustRun(world.operator, ...argv);
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

async function story(about: string): Promise<Story> {
  const told = await aStory(world, about, { environments: ['one', 'two'] });
  await told.push('1.0.0', CONFIG, { colour: 'blue' });
  return told;
}

test('what a window holds goes by itself when it opens, and occupies nothing before', async () => {
  const told = await story('frozen');
  const to = inSeconds(25);
  await fairlead(
    'freeze',
    'add',
    told.name,
    '--reason',
    'the big day',
    '--from',
    inSeconds(-60),
    '--to',
    to,
    '--target',
    `story=${told.name},env=two`,
  );
  const watching = told.roll('1.0.0');
  await expect.poll(() => world.table.query(ranges.open(told.name)), { timeout: 60_000 }).toHaveLength(1);
  const { id, waiting, deployments } = await told.until('latest', (rollout) => rollout.waiting?.on === 'freeze');
  expect(deployments.map(({ state }) => state)).toEqual(['succeeded', 'pending']);
  expect(waiting?.because).toMatch(
    new RegExp(`${told.name}-two is frozen: freeze ${told.name} by .* holds until .*: the big day`),
  );
  expect(waiting?.who).toContain(`fairlead freeze lift ${told.name}`);
  const list = await fairlead('freeze', 'list');
  expect(list).toMatch(new RegExp(`${told.name} +holds +${to}`));
  expect(await fairlead('status', told.name, id)).toContain('waits on freeze');

  const { code, ended } = await watching;
  expect(code).toBe(EXIT.success);
  const two = ended.deployments.find(({ environment }) => environment.endsWith('-two'));
  expect(two).toMatchObject({ state: 'succeeded', attempt: 1 });
  expect(Date.parse(two?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(to));
  expect(await world.table.get(keys.waiter(id))).toBeUndefined();
  await fairlead('freeze', 'lift', told.name);
});

test('what waits until a freeze is lifted goes at once', async () => {
  const told = await story('lifted');
  await fairlead('freeze', 'add', told.name, '--reason', 'database move', '--until-lifted', '--package', told.name);
  const id = await told.start('1.0.0');
  await told.until(id, (rollout) => rollout.waiting?.on === 'freeze');
  await fairlead('freeze', 'lift', told.name);
  const lifted = Date.now();
  expect((await told.over(id)).state).toBe('succeeded');
  const [first] = (await world.rollout(told.name, id)).deployments;
  expect(Date.parse(first?.startedAt ?? '') - lifted).toBeLessThan(30_000);
});

test('a stopped line begins nothing, lets operators not pass, and goes on when it is resumed', async () => {
  const told = await story('stopped');
  await fairlead('stop', '--reason', 'checkout is down');
  try {
    const id = await told.start('1.0.0');
    const { waiting, deployments } = await told.until(id, (rollout) => rollout.waiting?.on === 'freeze');
    expect(waiting?.who).toContain('fairlead resume');
    expect(deployments.map(({ state, attempt }) => [state, attempt])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    const tried = await world.operator([
      'rollout',
      told.name,
      '--version',
      '1.0.0',
      '--override-freeze',
      'just this one',
    ]);
    expect([tried.code, tried.err]).toEqual([
      EXIT.error,
      expect.stringMatching(/freeze stop \(checkout is down\).*only fairlead-break-glass/),
    ]);
    await fairlead('resume');
    expect((await told.over(id)).state).toBe('succeeded');
  } finally {
    await world.operator(['resume']);
  }
});

test('an override passes a freeze that lets it, and everybody sees it afterwards', async () => {
  const told = await story('passed');
  const name = `${told.name}-weekend`;
  await fairlead(
    'freeze',
    'add',
    name,
    '--reason',
    'nobody is there',
    '--until-lifted',
    '--target',
    `story=${told.name}`,
  );
  const { code, err } = await world.operator([
    'rollout',
    told.name,
    '--version',
    '1.0.0',
    '--override-freeze',
    'a fix for the outage',
  ]);
  expect([code, err]).toEqual([EXIT.success, expect.not.stringContaining('frozen:')]);
  expect(await fairlead('status', told.name, 'latest')).toMatch(
    /freeze overridden[\s\S]*in spite of freezes, by .*: a fix for the outage/,
  );
  expect(await fairlead('status', told.name)).toContain('1.0.0 (freeze overridden)');
  expect(await fairlead('events', told.name, 'latest')).toContain('freeze-overridden');
  await fairlead('freeze', 'lift', name);
});
