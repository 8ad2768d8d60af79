/** Queue modes: of those that wait the newest goes while the one under way is left alone; or only one is let in at a time. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { soakIsOver } from '../../support/e2e-clock.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

/** A first stage that stands for ten minutes, and a second. */
const slowly = (story: Story) =>
  world.file(`${story.name}/slow.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 10 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);
const pushed = (story: Story, ...versions: readonly string[]) =>
  Promise.all(versions.map((version) => story.push(version, CONFIG, { colour: version })));

test.concurrent('the newest takes the place of the one that waits, which says whose turn it is now; the first goes on to its end', async () => {
  const began = Date.now();
  const story = await aStory(world, 'newest', { environments: ['one', 'two'], entry: { queue: 'supersede' } });
  await pushed(story, '1.0.0', '2.0.0', '3.0.0');
  const first = await story.start('1.0.0', '--stages', await slowly(story));
  await story.until(first, ({ waiting }) => waiting?.on === 'soak');

  const overtaken = story.roll('2.0.0');
  const second = await expect
    .poll(async () => (await world.table.rolloutsOf(story.name, { limit: 1 })).items[0]?.version, { timeout: 30_000 })
    .toBe('2.0.0')
    .then(async () => (await world.table.rolloutsOf(story.name, { limit: 1 })).items[0]?.id ?? '');
  await story.until(second, ({ waiting }) => waiting?.on === 'queue' && waiting.behind === first);
  const third = await story.start('3.0.0');

  const { code, ended } = await overtaken;
  expect(code).toBe(EXIT['superseded or aborted']);
  expect(ended).toMatchObject({ state: 'superseded', supersededBy: third, outcome: { code: 'superseded' } });
  expect(ended.outcome?.because).toContain(`rollout ${third} took its place in`);
  expect(ended.deployments.map(({ state, outcome }) => [state, outcome?.code])).toEqual([
    ['skipped', 'superseded'],
    ['skipped', 'superseded'],
  ]);
  expect(await world.rollout(story.name, first)).toMatchObject({ state: 'waiting', waiting: { on: 'soak' } });
  const { out } = await world.operator(['status', story.name, second]);
  expect(out).toContain(third);

  await soakIsOver(world, first, 'first');
  expect(await story.over(first)).toMatchObject({ state: 'succeeded' });
  expect(await story.over(third)).toMatchObject({ state: 'succeeded' });
  for (const environment of story.environments) {
    expect((await story.history(environment)).map(({ revision }) => revision)).toEqual([1, 2]);
  }
  await expectCalm(world, story, began);
});

test.concurrent('where one at a time is let in, a second is refused with what to do; elsewhere it goes', async () => {
  const began = Date.now();
  const story = await aStory(world, 'alone', { environments: ['one', 'two', 'free'] });
  await pushed(story, '1.0.0', '2.0.0');
  const put = await world.operator(['package', 'put', story.name, '-f', await entryOf(story), '--queue', 'reject']);
  expect(put.code).toBe(0);
  const first = await story.start('1.0.0', '--stages', await slowly(story));
  await story.until(first, ({ waiting }) => waiting?.on === 'soak');

  const { code, err } = await world.operator([
    'rollout',
    story.name,
    '--version',
    '2.0.0',
    '--target',
    `story=${story.name},env=two`,
  ]);
  expect(code).toBe(EXIT.error);
  expect(err).toContain(
    `rollout ${first} is open and goes to ${story.name}-two, where one rollout at a time is let in`,
  );
  expect(err).toContain(`fairlead abort ${story.name} ${first}`);
  expect((await story.roll('2.0.0', '--target', `story=${story.name},env=free`)).code).toBe(0);

  await world.json('abort', story.name, first, '--reason', 'the second is to go');
  await story.over(first);
  expect((await story.roll('2.0.0', '--target', `story=${story.name},env=two`)).code).toBe(0);
  await expectCalm(world, story, began);
});

const entryOf = (story: Story) =>
  world.file(`${story.name}/alone.yaml`, {
    namespace: 'e2e',
    stages: [{ name: 'all', targets: [{ story: story.name }] }],
  });
