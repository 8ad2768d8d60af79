import {
  ExecutionAlreadyExists,
  ExecutionLimitExceeded,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { sqsRetryQueue } from '../../../adapters/aws/retry-queue.ts';
import { startExecutions } from '../../../adapters/aws/start-executions.ts';
import { stepFunctions } from '../../../adapters/aws/step-functions.ts';
import { RolloutRun } from '../../../contracts/machines.ts';
import { PlanRun } from '../../../contracts/plan-machine.ts';
import { ROLLOUT } from '../../support/items.ts';

const client = new SFNClient({ region: 'eu-north-1' });
const said = { message: 'no', $metadata: {} };
const rolloutMachineArn = 'arn:aws:states:eu-north-1:111111111111:stateMachine:fairlead-rollout';
const planMachineArn = rolloutMachineArn.replace('rollout', 'plan');
const machines = startExecutions({ client, rolloutMachineArn, planMachineArn });
const start = () => machines.startRollout(ROLLOUT, 3);

test('a run is an execution of its own name, with what the machine reads', async () => {
  const aws = mockClient(SFNClient);
  aws.on(StartExecutionCommand).resolves({});
  expect(await start()).toBe('started');
  const input = aws.commandCalls(StartExecutionCommand)[0]?.args[0].input;
  expect(input).toMatchObject({ stateMachineArn: rolloutMachineArn, name: `${ROLLOUT}-3` });
  expect(RolloutRun.parse(JSON.parse(input?.input ?? ''))).toEqual({ v: 1, rolloutId: ROLLOUT, run: 3 });
});

test('a plan is an execution of the machine of plans, named after itself and its package', async () => {
  const aws = mockClient(SFNClient);
  aws.on(StartExecutionCommand).resolves({});
  expect(await machines.startPlan(ROLLOUT, 'webui')).toBe('started');
  const input = aws.commandCalls(StartExecutionCommand)[0]?.args[0].input;
  expect(input).toMatchObject({ stateMachineArn: planMachineArn, name: `${ROLLOUT}-webui` });
  expect(PlanRun.parse(JSON.parse(input?.input ?? ''))).toEqual({ v: 1, planId: ROLLOUT, package: 'webui' });
  aws.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(said));
  expect(await machines.startPlan(ROLLOUT, 'webui')).toBe('already');
});

test('a name that was used counts as started before; anything else is trouble', async () => {
  const aws = mockClient(SFNClient);
  aws.on(StartExecutionCommand).rejectsOnce(new ExecutionAlreadyExists(said));
  expect(await start()).toBe('already');
  aws.on(StartExecutionCommand).rejects(new ExecutionLimitExceeded(said));
  await expect(start()).rejects.toThrow(ExecutionLimitExceeded);
});

test('a token is answered with nothing: who waited reads the truth itself', async () => {
  const aws = mockClient(SFNClient);
  aws.on(SendTaskSuccessCommand).resolves({});
  expect(await stepFunctions({ client }).wake('token')).toBe('woken');
  expect(aws.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({ taskToken: 'token', output: '{}' });
});

test.each([new TaskDoesNotExist(said), new TaskTimedOut(said)])('on $name nobody waits any more', async (error) => {
  mockClient(SFNClient).on(SendTaskSuccessCommand).rejects(error);
  expect(await stepFunctions({ client }).wake('token')).toBe('gone');
});

test('a token that is none is a bug, not an answer', async () => {
  mockClient(SFNClient).on(SendTaskSuccessCommand).rejects(new InvalidToken(said));
  await expect(stepFunctions({ client }).wake('nonsense')).rejects.toThrow(InvalidToken);
});

test('a record goes into the retry queue whole, as a message of its own', async () => {
  const aws = mockClient(SQSClient);
  aws.on(SendMessageCommand).resolves({});
  const queueUrl = 'https://queue.example/retry';
  await sqsRetryQueue({ client: new SQSClient({ region: 'eu-north-1' }), queueUrl }).put({ eventName: 'INSERT' });
  const input = aws.commandCalls(SendMessageCommand)[0]?.args[0].input;
  expect(input).toEqual({ QueueUrl: queueUrl, MessageBody: '{"eventName":"INSERT"}' });
});
