/** Executions of the deployment machine that never come to Begin: tried three times, then given up by name. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { functionsOf } from '../../support/e2e-functions.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

const functions = functionsOf(inject('stack'));
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => {
  functions.close();
  await world?.stop();
});

test('while Begin cannot be called, a deployment is lost after three attempts; afterwards the same rollout works', async () => {
  const began = Date.now();
  const story = await aStory(world, 'lost', { environments: ['one'] });
  await story.push('1.0.0', CONFIG);
  const { code, ended } = await functions.whileAway('BeginDeployment', () => story.roll('1.0.0'));
  expect(code).toBe(EXIT.error);
  expect(ended).toMatchObject({
    state: 'errored',
    deployments: [{ state: 'errored', attempt: 3, outcome: { code: 'lost' } }],
  });
  expect(ended.deployments[0]?.outcome?.because).toBe(
    'three times in a row its execution never began, or never said what it saw',
  );
  expect(await story.history(story.environments[0] ?? '')).toEqual([]);
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });
  await expectCalm(world, story, began);
});
