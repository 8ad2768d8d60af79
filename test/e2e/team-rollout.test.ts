/** A package with a team, all the way: registry, plan, machine, deployer, and the team's own rights in the cluster. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const TEAM = 'story-team';
let world: E2eWorld;
let story: Story;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
  story = await aStory(world, 'team', { environments: ['dev'], entry: { team: TEAM } });
  await story.push('1.0.0', CONFIG);
});
afterAll(async () => await world?.stop());

test('is refused what its team may not do, and rolled out by it once it may', async () => {
  const [environment = ''] = story.environments;
  const namespace = story.namespace(environment);
  await world.json(
    'cluster',
    'grant',
    '--environment',
    environment,
    '--namespace',
    'e2e',
    '--team',
    TEAM,
    '--teams-only',
  );

  const refused = await story.roll('1.0.0');
  expect(refused.code).toBe(1);
  expect(refused.ended.deployments).toMatchObject([{ state: 'blocked', outcome: { code: 'forbidden' } }]);
  expect(refused.ended.deployments[0]?.outcome?.because).toContain(
    `the package acts as service account ${namespace}/${TEAM}, whose own rights decide`,
  );
  expect(await story.history(environment)).toEqual([]);

  await world.kubectl(
    'create',
    'rolebinding',
    TEAM,
    '--clusterrole=edit',
    `--serviceaccount=${namespace}:${TEAM}`,
    '-n',
    namespace,
  );
  const done = await story.roll('1.0.0', '--target', `story=${story.name}`);
  expect(done.ended).toMatchObject({ state: 'succeeded', deployments: [{ state: 'succeeded' }] });
  expect(await story.history(environment)).toMatchObject([{ revision: 1, status: 'deployed' }]);
});
