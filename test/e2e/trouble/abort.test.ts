/** A rollout that is aborted: what waits is woken at once, what is under way ends by itself, what has not begun never does. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { ranges } from '../../../domain/keys.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG, POD } from '../../support/e2e-charts.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

const twoStages = (story: Story, soakMinutes: number) =>
  world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);

test.concurrent('a soak of ten minutes ends the moment somebody aborts', async ({ expect }) => {
  const began = Date.now();
  const story = await aStory(world, 'abort-soak', { environments: ['one', 'two'] });
  await story.push('1.0.0', CONFIG, { colour: 'blue' });
  const watching = story.roll('1.0.0', '--stages', await twoStages(story, 10));
  await expect.poll(() => world.table.query(ranges.open(story.name)), { timeout: 20_000 }).toHaveLength(1);
  const { waiting } = await story.until('latest', (rollout) => rollout.waiting?.on === 'soak');
  expect(waiting).toMatchObject({ who: 'the clock', because: 'stage first has to stand for 10 minutes' });

  await world.json('abort', story.name, 'latest', '--reason', 'wrong version');
  const { code, ended } = await watching;
  expect(code).toBe(EXIT['superseded or aborted']);
  expect(ended).toMatchObject({
    state: 'aborted',
    outcome: { code: 'aborted', because: expect.stringMatching(/^aborted by fairlead-operator\/.*: wrong version$/) },
    deployments: [{ state: 'succeeded' }, { state: 'pending', attempt: 0 }],
  });
  expect(ended.waiting).toBeUndefined();
  await expectCalm(world, story, began);
});

test.concurrent('an abort while a release is observed lets that deployment come to its own end', async () => {
  const began = Date.now();
  const story = await aStory(world, 'abort-busy', { environments: ['one', 'two'], entry: { timeoutMinutes: 0.1 } });
  await story.push('1.0.0', POD, { pretend: 'never-ready' });
  const id = await story.start('1.0.0', '--stages', await twoStages(story, 0));
  await story.until(id, ({ deployments }) => deployments[0]?.state === 'observing');
  await world.json('abort', story.name, id, '--reason', 'stop the line');

  const ended = await story.over(id);
  expect(ended).toMatchObject({
    state: 'aborted',
    deployments: [
      { state: 'rolled-back', outcome: { code: 'out-of-time' } },
      { state: 'pending', attempt: 0 },
    ],
  });
  expect(await story.history(story.environments[1] ?? '')).toEqual([]);
  await expectCalm(world, story, began);
});
