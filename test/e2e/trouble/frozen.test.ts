/** Between the plan and a later stage the world moves: what was planned is what is rolled out, or nothing. */
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT, exitOfRollout } from '../../../contracts/outcome-table.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import { mustRun } from '../../../local/demo/command-line.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

const ssm = new SSMClient(localClient(inject('stack').endpoint));
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => {
  ssm.destroy();
  await world?.stop();
});

/** Ten seconds between two stages are enough to move the world in. */
const told = (about: string): Promise<Story> => aStory(world, about, { environments: ['one', 'two'] });
const slowly = (story: Story) =>
  world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 0.17 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);

/** Starts it, and answers once the first stage stands. */
async function halfWay(story: Story): Promise<string> {
  const id = await story.start('1.0.0', '--stages', await slowly(story));
  await story.until(id, ({ waiting }) => waiting?.on === 'soak');
  return id;
}

/** Its end, and that the second stage began after `moved`. */
async function endOf(story: Story, id: string, moved: Date) {
  const ended = await story.over(id);
  expect(Date.parse(ended.deployments[1]?.startedAt ?? '')).toBeGreaterThan(moved.getTime());
  return ended;
}
const dataOf = async (story: Story, environment: string | undefined): Promise<unknown> =>
  JSON.parse(
    await world.kubectl(
      'get',
      'configmap',
      story.name,
      '-n',
      story.namespace(environment ?? ''),
      '-o',
      'jsonpath={.data}',
    ),
  );

test.concurrent('a tag that was moved: the later stage gets the chart of the plan', async () => {
  const began = Date.now();
  const story = await told('moved-tag');
  const planned = await story.push('1.0.0', CONFIG, { colour: 'blue' });
  const id = await halfWay(story);
  const moved = await story.push('1.0.0', CONFIG, { colour: 'red' });
  expect(moved).not.toBe(planned);
  const ended = await endOf(story, id, new Date());
  expect(ended).toMatchObject({ state: 'succeeded', chartDigest: planned });
  for (const environment of story.environments)
    expect(await dataOf(story, environment)).toMatchObject({ colour: 'blue' });
  await expectCalm(world, story, began);
});

test.concurrent('a chart that is gone from its registry blocks the later stage and leaves the earlier one alone', async () => {
  const began = Date.now();
  const story = await told('gone-chart');
  const imageDigest = await story.push('1.0.0', CONFIG, { colour: 'blue' });
  const id = await halfWay(story);
  // MiniStack's BatchDeleteImage leaves the manifest where charts are pulled from, so it is deleted there.
  const registry = world.stack.charts.registry.replace(/^oci:/, 'http:').replace('/charts', '/v2/charts');
  const gone = await fetch(`${registry}/${story.name}/manifests/${imageDigest}`, { method: 'DELETE' });
  expect(gone.status).toBe(202);
  const ended = await endOf(story, id, new Date());
  expect([ended.state, exitOfRollout(ended)]).toEqual(['failed', EXIT.failure]);
  expect(ended.deployments).toMatchObject([
    { state: 'succeeded' },
    { state: 'blocked', outcome: { code: 'chart-not-found', because: expect.stringContaining(imageDigest) } },
  ]);
  expect(await story.history(story.environments[1] ?? '')).toEqual([]);
  await expectCalm(world, story, began);
});

test.concurrent('a layer that was deleted and made anew: its version is the same number, its frozen copy is used', async () => {
  const began = Date.now();
  const story = await told('anew-layer');
  const layer = await world.file(`${story.name}/layer.yaml`, { colour: 'planned' });
  await Promise.all([story.push('1.0.0', CONFIG), mustRun(world.operator, 'values', 'put', story.name, '-f', layer)]);
  const id = await halfWay(story);
  const Name = `${story.name}-service-helm-values`;
  await ssm.send(new DeleteParameterCommand({ Name }));
  const { Version } = await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'colour: anew\n' }));
  expect(Version).toBe(1);
  expect(await endOf(story, id, new Date())).toMatchObject({ state: 'succeeded' });
  for (const environment of story.environments)
    expect(await dataOf(story, environment)).toMatchObject({ colour: 'planned' });
  await expectCalm(world, story, began);
});

test.concurrent('a layer that is gone: its frozen copy is used', async () => {
  const began = Date.now();
  const story = await told('gone-layer');
  const layer = await world.file(`${story.name}/layer.yaml`, { colour: 'planned' });
  await Promise.all([story.push('1.0.0', CONFIG), mustRun(world.operator, 'values', 'put', story.name, '-f', layer)]);
  const id = await halfWay(story);
  await ssm.send(new DeleteParameterCommand({ Name: `${story.name}-service-helm-values` }));
  expect(await endOf(story, id, new Date())).toMatchObject({ state: 'succeeded' });
  expect(await dataOf(story, story.environments[1])).toMatchObject({ colour: 'planned' });
  await expectCalm(world, story, began);
});
