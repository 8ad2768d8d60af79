/** Somebody stops an execution in the console, where no Catch runs: EventBridge tells, and what it held is given back. */
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT, exitOfRollout } from '../../../contracts/outcome-table.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG, POD } from '../../support/e2e-charts.ts';
import { functionsOf } from '../../support/e2e-functions.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

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

/**
 * MiniStack tells EventBridge of every execution but those that `startExecution.sync:2` started, which AWS tells of too: what the rule would
 * hand on is said by hand. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
async function tellOfChild(rolloutId: string, environment: string): Promise<void> {
  const name = `${rolloutId}-${environment}-1`;
  const stateMachineArn = stack.outputs['DeploymentMachineArn'];
  const executionArn = `${stateMachineArn?.replace(':stateMachine:', ':execution:')}:${name}`;
  const input = JSON.stringify({ v: 1, rolloutId, environment, attempt: 1 });
  const event = {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn, stateMachineArn, name, status: 'ABORTED', input },
  };
  expect(await functions.invoke('FinishDeployment', event)).toMatchObject({ outcome: 'finished' });
  // EventBridge tells at least once.
  expect(await functions.invoke('FinishDeployment', event)).toMatchObject({ outcome: 'already-over' });
}

async function stop(machine: 'Rollout' | 'Deployment', name: string): Promise<void> {
  const arn = stack.outputs[`${machine}MachineArn`]?.replace(':stateMachine:', ':execution:');
  await machines.send(new StopExecutionCommand({ executionArn: `${arn}:${name}`, cause: 'by hand' }));
}

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
