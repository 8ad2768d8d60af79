/** Between the plan and a later stage the layers of values change: what was planned is what is rolled out. */
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { localClient } from '../../../local/aws/local-clients.ts';
import { mustRun } from '../../../local/demo/command-line.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { soakIsOver } from '../../support/e2e-clock.ts';
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

const told = (about: string): Promise<Story> => aStory(world, about, { environments: ['one', 'two'] });
const slowly = (story: Story) =>
  world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 10 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);

/** Starts it, and answers once the first stage stands. */
async function halfWay(story: Story): Promise<string> {
  const id = await story.start('1.0.0', '--stages', await slowly(story));
  await story.until(id, ({ waiting }) => waiting?.on === 'soak');
  return id;
}

/** Lets the second stage begin, and answers how it all ended. */
async function goOn(story: Story, id: string) {
  await soakIsOver(world, id, 'first');
  return await story.over(id);
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
  expect(await goOn(story, id)).toMatchObject({ state: 'succeeded' });
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
  expect(await goOn(story, id)).toMatchObject({ state: 'succeeded' });
  expect(await dataOf(story, story.environments[1])).toMatchObject({ colour: 'planned' });
  await expectCalm(world, story, began);
});
