/** Somebody stops an execution in the console, where no Catch runs: EventBridge tells, and what it held is given back. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT, exitOfRollout } from '../../../contracts/outcome-table.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG, POD } from '../../support/e2e-charts.ts';
import { executionsOf } from '../../support/e2e-executions.ts';
import { functionsOf } from '../../support/e2e-functions.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

const stack = inject('stack');
const functions = functionsOf(stack);
const executions = executionsOf(stack, functions);
const { stop, tellOfChild } = executions;
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(stack);
});
afterAll(async () => {
  functions.close();
  executions.close();
  await world?.stop();
});

test.concurrent('a deployment stopped while it is observed ends errored, gives its lease back, and the next rollout mends it', async () => {
  const began = Date.now();
  const story = await aStory(world, 'stop-one', { environments: ['one'], entry: { timeoutMinutes: 0.1 } });
  const [one = ''] = story.environments;
  await story.push('1.0.0', POD, { pretend: 'never-ready' });
  await story.push('2.0.0', POD, { pretend: 'run' });
  const id = await story.start('1.0.0');
  await story.until(id, ({ deployments }) => deployments[0]?.state === 'observing');
  await stop('Deployment', `${id}-${one}-1`);
  await tellOfChild(id, one);

  const ended = await story.over(id);
  expect([ended.state, exitOfRollout(ended)]).toEqual(['errored', EXIT.error]);
  expect(ended.deployments).toMatchObject([
    {
      state: 'errored',
      outcome: { code: 'interrupted', because: expect.stringMatching(/^its execution was stopped by hand: roll out/) },
    },
  ]);
  expect(await story.roll('2.0.0')).toMatchObject({ code: 0, ended: { deployments: [{ revision: 2 }] } });
  await expectCalm(world, story, began);
});

test.concurrent('a rollout stopped while it waits is over at once, and its place in the queue is free', async () => {
  const began = Date.now();
  const story = await aStory(world, 'stop-wait', { environments: ['one', 'two'] });
  await Promise.all(['1.0.0', '2.0.0'].map((version) => story.push(version, CONFIG, { colour: version })));
  const stages = await world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 10 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);
  const first = await story.start('1.0.0', '--stages', stages);
  await story.until(first, ({ waiting }) => waiting?.on === 'soak');
  const second = await story.start('2.0.0');
  await story.until(second, ({ waiting }) => waiting?.on === 'queue');
  await stop('Rollout', `${first}-1`);

  const ended = await story.over(first);
  expect([ended.state, exitOfRollout(ended), ended.outcome?.code]).toEqual(['errored', EXIT.error, 'interrupted']);
  expect(ended.deployments).toMatchObject([{ state: 'succeeded' }, { state: 'pending' }]);
  expect(await story.over(second)).toMatchObject({ state: 'succeeded' });
  await expectCalm(world, story, began);
});

test.concurrent('a rollout stopped while it deploys: what is under way comes to its own end, and the next one goes', async () => {
  const began = Date.now();
  const story = await aStory(world, 'stop-all', { environments: ['one'], entry: { timeoutMinutes: 0.1 } });
  await story.push('1.0.0', POD, { pretend: 'never-ready' });
  await story.push('2.0.0', POD, { pretend: 'run' });
  const id = await story.start('1.0.0');
  await story.until(id, ({ deployments }) => deployments[0]?.state === 'observing');
  await stop('Rollout', `${id}-1`);
  expect(await story.over(id)).toMatchObject({ state: 'errored', outcome: { code: 'interrupted' } });

  // MiniStack leaves the child running, AWS stops it: either way it comes to an end of its own.
  const ended = await story.until(id, ({ deployments }) => /^(rolled-back|errored)$/.test(deployments[0]?.state ?? ''));
  expect(ended.state).toBe('errored');
  expect(await story.roll('2.0.0')).toMatchObject({ code: 0, ended: { deployments: [{ state: 'succeeded' }] } });
  await expectCalm(world, story, began);
});
