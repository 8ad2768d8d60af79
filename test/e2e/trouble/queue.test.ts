/** Two rollouts of one package at once: first come, first served where they meet, side by side where they do not. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

test.concurrent('the second waits for the first where they meet, and says so; a third goes elsewhere at once', async () => {
  const began = Date.now();
  const story = await aStory(world, 'queue', { environments: ['one', 'two', 'else'] });
  const [, two, elsewhere] = story.environments;
  await Promise.all(['1.0.0', '2.0.0'].map((version) => story.push(version, CONFIG, { colour: version })));
  // Long enough for the others to come: the abort at the end does not wait for it.
  const slow = await world.file(`${story.name}/slow.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 10 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);
  const first = await story.start('1.0.0', '--stages', slow);
  await story.until(first, ({ waiting }) => waiting?.on === 'soak');

  const second = await story.start('2.0.0', '--target', `story=${story.name},env=two`);
  const third = await story.roll('2.0.0', '--target', `story=${story.name},env=else`);
  expect(third).toMatchObject({ code: 0, ended: { deployments: [{ environment: elsewhere, state: 'succeeded' }] } });

  const { waiting, deployments } = await story.until(second, (rollout) => rollout.waiting !== undefined);
  expect(waiting).toEqual({
    on: 'queue',
    because: `rollout ${first} was first and goes to ${two} too`,
    since: expect.any(String),
    until: expect.any(String),
    behind: first,
    who: expect.stringMatching(new RegExp(`^rollout ${first} by ending, or 'fairlead abort \\S+ ${first}'$`)),
  });
  expect(deployments).toMatchObject([{ state: 'pending' }]);

  await world.json('abort', story.name, first, '--reason', 'the second is to go');
  expect(await story.over(first)).toMatchObject({ state: 'aborted' });
  expect(await story.over(second)).toMatchObject({ state: 'succeeded', deployments: [{ revision: 1 }] });
  await expectCalm(world, story, began);
});

test.concurrent('of three that go to one place at the same moment, each has its turn and the last one stays', async () => {
  const began = Date.now();
  const story = await aStory(world, 'race', { environments: ['one'] });
  const versions = ['1.0.0', '2.0.0', '3.0.0'];
  await Promise.all(versions.map((version) => story.push(version, CONFIG, { colour: version })));
  const ids = await Promise.all(versions.map((version) => story.start(version)));
  const ended = await Promise.all(ids.map((id) => story.over(id)));
  const inLine = ended.toSorted((a, b) => a.sequence - b.sequence);
  expect(inLine.map(({ state, deployments }) => [state, deployments[0]?.revision])).toEqual([
    ['succeeded', 1],
    ['succeeded', 2],
    ['succeeded', 3],
  ]);
  expect(await world.helm('list', '-o', 'json', '-n', story.namespace(story.environments[0] ?? ''))).toContain(
    `"chart":"${story.name}-${inLine.at(-1)?.version}"`,
  );
  await expectCalm(world, story, began);
});
