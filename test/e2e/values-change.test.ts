/** Somebody edits a layer in Parameter Store, and the environments that use it get it: by themselves, or when an operator says so. */
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PlanView } from '../../contracts/api/plan.ts';
import { ChangeList, type ChangeView } from '../../contracts/api/values-change.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { waitUntil } from '../../local/process/wait-until.ts';
import { CONFIG, POD } from '../support/e2e-charts.ts';
import { type Functions, functionsOf } from '../support/e2e-functions.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
let functions: Functions;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
  functions = functionsOf(world.stack);
});
afterAll(async () => {
  functions?.close();
  await world?.stop();
});

const edit = async ({ name }: Story, environment: string, values: unknown) =>
  world.json('values', 'put', name, '--environment', environment, '-f', await world.file(`${name}/layer.yaml`, values));

/** Edits with nothing in between: however busy the machine is, they fall into one quiet time. */
async function burst(Name: string, ...texts: readonly string[]): Promise<void> {
  const ssm = new SSMClient(localClient(world.stack.endpoint));
  for (const Value of texts) await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  ssm.destroy();
}

/** What stands of the package's change, once it is `state`. The minute of the schedule is not waited for where `minute` plays it. */
async function changeOf({ name }: Story, state: ChangeView['state'], minute = true): Promise<ChangeView> {
  const look = async () => {
    if (minute) await functions.invoke('RollOutValues', {});
    const { changes } = ChangeList.parse({ changes: await world.json('values', 'changes') });
    return changes.find((change) => change.package === name && change.state === state);
  };
  return await waitUntil(look, { what: `the change of ${name} to be ${state}`, deadlineMs: 120_000, everyMs: 500 });
}

const colourIn = ({ name, namespace }: Story, environment: string) =>
  world.kubectl('get', 'configmap', name, '-n', namespace(environment), '-o', 'jsonpath={.data.colour}');

test.concurrent('with auto, a burst of edits leads to one rollout of exactly the environment that uses them', async () => {
  const story = await aStory(world, 'edited', { environments: ['one', 'two'], entry: { valuesRollout: 'auto' } });
  const [one = '', two = ''] = story.environments;
  await story.push('1.0.0', CONFIG, { colour: 'plain' });
  expect((await story.roll('1.0.0')).code).toBe(0);

  await burst(`${story.name}-service-helm-values.environment.${two}`, 'colour: blue', 'colour: green');
  const change = await changeOf(story, 'started');
  expect(change.changed).toEqual([
    expect.objectContaining({ name: `${story.name}-service-helm-values.environment.${two}`, version: 2 }),
  ]);
  const ended = await story.over(change.rollout ?? '');
  expect(ended, JSON.stringify(ended.deployments)).toMatchObject({
    state: 'succeeded',
    version: '1.0.0',
    startedBy: { role: 'values change' },
  });
  expect(ended.deployments.map(({ environment }) => environment)).toEqual([two]);
  expect(await colourIn(story, two)).toBe('green');
  expect(await story.history(one)).toHaveLength(1);
  expect(await story.history(two)).toHaveLength(2);
});

test.concurrent('a bad edit is rolled back, and not tried again by itself', async () => {
  const story = await aStory(world, 'badly', {
    environments: ['one'],
    entry: { valuesRollout: 'auto', timeoutMinutes: 1 },
  });
  const [one = ''] = story.environments;
  await story.push('1.0.0', POD, { pretend: 'run' });
  expect((await story.roll('1.0.0')).code).toBe(0);

  await edit(story, one, { pretend: 'crash-loop-back-off' });
  const { rollout = '' } = await changeOf(story, 'started');
  const ended = await story.over(rollout);
  expect(ended).toMatchObject({ state: 'failed', deployments: [{ environment: one, state: 'rolled-back' }] });
  for (let minute = 0; minute < 3; minute++) await functions.invoke('RollOutValues', {});
  expect(await changeOf(story, 'started', false)).toMatchObject({ rollout });
  expect(await story.history(one)).toHaveLength(3);
});

test.concurrent('with plan-only, a change is announced when the minute comes, and brought when an operator says so', async () => {
  const story = await aStory(world, 'announced', { environments: ['one', 'two'] });
  const [one = '', two = ''] = story.environments;
  await story.push('1.0.0', CONFIG, { colour: 'plain' });
  expect((await story.roll('1.0.0')).code).toBe(0);

  await edit(story, one, { colour: 'red' });
  const { plan = '' } = await changeOf(story, 'announced', false);
  const planned = await waitUntil(
    async () => {
      const found = PlanView.parse(await world.json('plan', 'show', story.name, plan));
      return found.state === 'working' ? undefined : found;
    },
    { what: `plan ${plan} to be worked out`, deadlineMs: 120_000, everyMs: 500 },
  );
  expect(planned).toMatchObject({ state: 'ready', environments: 1, changed: 1 });
  expect(await colourIn(story, one)).toBe('plain');
  const status = await world.operator(['status']);
  expect(status.out).toContain(`'fairlead values apply ${story.name}' brings it`);

  const applied = await world.operator(['values', 'apply', story.name, '--json']);
  expect(applied).toMatchObject({ code: 0 });
  expect(await colourIn(story, one)).toBe('red');
  expect(await story.history(two)).toHaveLength(1);
  expect(await changeOf(story, 'started', false)).toMatchObject({ plan });
});
