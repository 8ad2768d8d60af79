import { expect, test } from 'vitest';
import { keys, ranges } from '../../../domain/keys.ts';
import { finishTry } from '../../../lambdas/finish-deployment/handler.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aDeployment, aLease, anOperation, later, NOW, ROLLOUT } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const TRY = { v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1 };
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(55).toISOString() };
const underWay = aSight({
  deployment: aDeployment({ state: 'applying', begun: 1 }),
  lease: aLease({ holder, operation: anOperation() }),
});
const READY = { ...TRY, result: { is: 'ready', revision: 5, because: 'ready' } };

const ended = (given: object = {}) => ({
  version: '0',
  id: '315c1398-40ff-a850-213b-158f73e60175',
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  account: '111111111111',
  detail: {
    executionArn: `arn:aws:states:eu-north-1:111111111111:execution:deployment:${ROLLOUT}-dev-1`,
    stateMachineArn: 'arn:aws:states:eu-north-1:111111111111:stateMachine:deployment',
    name: `${ROLLOUT}-dev-1`,
    status: 'ABORTED',
    startDate: 1_551_225_271_984,
    stopDate: 1_551_225_291_984,
    input: JSON.stringify({ ...TRY, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn' }),
    output: null,
    ...given,
  },
});

async function worldOf(sight = underWay) {
  const table = await tableOf(sight);
  const log = keptLog();
  const finish = finishTry({ table, patience: { tries: 3, pause: async () => {} }, now: () => NOW, log });
  return { table, log, finish, deployment: () => table.get(keys.deployment(ROLLOUT, 'dev')) };
}

test('finishing twice is finishing once', async () => {
  const { finish, table } = await worldOf();
  expect(await finish(READY)).toMatchObject({ outcome: 'finished' });
  const after = table.all();
  expect(await finish(READY)).toMatchObject({ outcome: 'already-over' });
  expect(table.all()).toEqual(after);
});

test.each(['ABORTED', 'TIMED_OUT', 'FAILED'])(
  'an execution that ended %s ends its deployment as interrupted',
  async (status) => {
    const { finish, deployment, table } = await worldOf();
    expect(await finish(ended({ status }))).toMatchObject({ outcome: 'finished' });
    expect(await deployment()).toMatchObject({ state: 'errored', outcome: { code: 'interrupted' } });
    const lease = table.all().find(({ type }) => type === 'lease');
    expect(lease).not.toHaveProperty('holder');
    expect(lease).toMatchObject({ operation: { requestId: 'r-1' } });
  },
);

test('where EventBridge leaves the input out, the name says which try it was', async () => {
  const { finish, deployment } = await worldOf();
  await finish(ended({ input: null, inputDetails: { included: false } }));
  expect((await deployment())?.state).toBe('errored');
});

test('an execution that ended after its deployment was finished changes nothing', async () => {
  const { finish, deployment } = await worldOf();
  await finish(READY);
  expect(await finish(ended())).toMatchObject({ outcome: 'already-over' });
  expect(await deployment()).toMatchObject({ state: 'succeeded' });
});

test('an execution that died before Begin leaves its deployment pending, for the next attempt', async () => {
  const { finish, deployment } = await worldOf(aSight());
  expect(await finish(ended({ status: 'FAILED' }))).toMatchObject({ outcome: 'already-over' });
  expect(await deployment()).toMatchObject({ state: 'pending', attempt: 1 });
});

test('an execution that somebody started by hand is left alone, with a word in the log', async () => {
  const { finish, log, table } = await worldOf();
  const before = table.all();
  expect(await finish(ended({ name: 'by-hand', input: '{}' }))).toMatchObject({ outcome: 'already-over' });
  expect(table.all()).toEqual(before);
  expect(log.lines[0]).toContain('none of ours');
});

test("an execution's own error and cause, which may hold anything, are not kept", async () => {
  const { finish, table, log } = await worldOf();
  await finish(ended({ status: 'FAILED', error: 'Bug', cause: 'token=hunter2' }));
  const told = await table.query(ranges.events(ROLLOUT));
  expect(JSON.stringify([table.all(), told, log.lines])).not.toContain('hunter2');
});

test('an unknown deployment is over, a result of another shape is a bug', async () => {
  const { finish } = await worldOf();
  expect(await finish({ ...READY, environment: 'nowhere' })).toMatchObject({ outcome: 'already-over' });
  await expect(finish({ ...TRY, result: { is: 'fine' } })).rejects.toThrow();
});

test.each([
  ['is known to be over', 'Runtime.ExitError', NOW.toISOString()],
  ['may still be at work', 'States.Timeout', undefined],
])('what a call had claimed that %s is left so', async (_, error, overAt) => {
  const operation = anOperation({ call: 3 });
  const { finish, table } = await worldOf({ ...underWay, lease: aLease({ holder, operation }) });
  const result = { is: 'errored', failure: { code: 'internal', because: 'applying broke off' } };
  expect(await finish({ ...TRY, result, broken: [{ call: 3, error }] })).toMatchObject({ outcome: 'finished' });
  const lease = table.all().find(({ type }) => type === 'lease');
  expect(lease).not.toHaveProperty('holder');
  expect(lease).toMatchObject({ operation: overAt === undefined ? operation : { ...operation, overAt } });
});
