/** Between the table and the machine: what is told twice starts once, what is told never starts all the same. */
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { keys, ranges } from '../../../domain/keys.ts';
import { startRollout } from '../../../domain/rollout/start-rollout.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { functionsOf } from '../../support/e2e-functions.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';
import { aRecord } from '../../support/stream-records.ts';

const stack = inject('stack');
const functions = functionsOf(stack);
const machines = new SFNClient(localClient(stack.endpoint));
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(stack);
});
afterAll(async () => {
  functions.close();
  machines.destroy();
  await world?.stop();
});

async function executionsOf(id: string): Promise<readonly (string | undefined)[]> {
  const stateMachineArn = stack.outputs['RolloutMachineArn'];
  const { executions = [] } = await machines.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }));
  return executions.map(({ name }) => name).filter((name) => name?.startsWith(id));
}

test.concurrent('the same record of the stream, again and again, is one execution', async ({ expect }) => {
  const began = Date.now();
  const story = await aStory(world, 'twice', { environments: ['one', 'two'] });
  await story.push('1.0.0', CONFIG);
  const stages = await world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 10 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);
  const id = await story.start('1.0.0', '--stages', stages);
  await story.until(id, ({ waiting }) => waiting?.on === 'soak');
  const run = await world.table.get(keys.run(id, 1));
  if (run === undefined) throw new Error('the rollout has no run');

  const twice = { Records: [aRecord('INSERT', run, '1'), aRecord('INSERT', run, '2')] };
  expect(await functions.invoke('StartRollout', twice)).toEqual({ batchItemFailures: [] });
  expect(await functions.invoke('StartRollout', twice)).toEqual({ batchItemFailures: [] });
  expect(await executionsOf(id)).toEqual([`${id}-1`]);

  await world.json('abort', story.name, id);
  expect(await story.over(id)).toMatchObject({ state: 'aborted' });
  const before = await world.table.get(keys.rollout(id));
  // A name may be free again here once its execution is over, on AWS it is not for 90 days: nothing comes of it either way.
  await functions.invoke('StartRollout', twice);
  await expect.poll(() => runningOf(id), { timeout: 30_000 }).toEqual([]);
  expect(await world.table.get(keys.rollout(id))).toEqual(before);
  await expectCalm(world, story, began);
});

test.concurrent('a rollout whose start nobody was told of is started by the sweeper', async () => {
  const began = Date.now();
  const story = await aStory(world, 'swept', { environments: ['one'] });
  await story.push('1.0.0', CONFIG);
  const id = ulid();
  await acceptUntold(story.name, id);
  await functions.invoke('SweepRollouts', {});
  expect(await story.over(id)).toMatchObject({ state: 'succeeded', deployments: [{ revision: 1 }] });
  expect((await world.table.get(keys.rollout(id)))?.run).toBe(2);
  expect(await executionsOf(id)).toEqual([`${id}-2`]);
  await expectCalm(world, story, began);
});

async function runningOf(id: string) {
  const stateMachineArn = stack.outputs['RolloutMachineArn'];
  const { executions = [] } = await machines.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000 }),
  );
  return executions.filter(({ name }) => name?.startsWith(id));
}

/** Accepted two minutes ago as the API does it, but for the run, whose insertion is what the stream tells. */
async function acceptUntold(name: string, id: string): Promise<void> {
  const pkg = await world.table.get(keys.package(name));
  if (pkg === undefined) throw new Error(`there is no package ${name}`);
  const environments = await world.table.query(ranges.environments());
  const principal = { role: 'fairlead-operator', session: 'start-test', account: stack.account };
  const asked = { id, version: '1.0.0', stages: pkg.stages ?? [], values: {}, principal, claimed: {} };
  const started = startRollout({ pkg, environments, queue: [] }, asked, new Date(Date.now() - 120_000));
  if (started.answer !== 'accepted') throw new Error(JSON.stringify(started));
  const writes = started.writes.filter(({ key }) => key.type !== 'run');
  expect(await world.table.transact(writes)).toEqual({ committed: true });
}
