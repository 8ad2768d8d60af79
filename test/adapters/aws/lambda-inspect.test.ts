import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { lambdaInspect } from '../../../adapters/aws/lambda-inspect.ts';
import type { InspectInput } from '../../../contracts/inspection.ts';

const lambda = mockClient(LambdaClient);
beforeEach(() => lambda.reset());

const ARN = 'arn:aws:lambda:eu-north-1:123456789012:function:deployer:live';
const input: InspectInput = {
  v: 1,
  operation: 'inspect',
  environment: 'dev',
  cluster: { name: 'main', account: '123456789012', region: 'eu-north-1' },
};
const inspect = (deployer = 'default', timeoutMs = 1000) =>
  lambdaInspect({ client: new LambdaClient({}), deployers: new Map([['default', ARN]]), timeoutMs })(deployer, input);
const saying = (value: unknown) => ({ Payload: Uint8ArrayBlobAdapter.fromString(JSON.stringify(value)) });
const answer = { outcome: 'inspected', at: '2026-11-21T10:00:00.000Z', checks: [] };

test("the deployer's alias is called with the question, and its answer comes back", async () => {
  lambda.on(InvokeCommand).resolves(saying(answer));
  expect(await inspect()).toEqual({ answered: true, answer });
  const [call] = lambda.commandCalls(InvokeCommand);
  expect(call?.args[0].input).toEqual({ FunctionName: ARN, Payload: JSON.stringify(input) });
});

test('a deployer that nobody configured is not called', async () => {
  expect(await inspect('far')).toEqual({ answered: false, known: false });
  expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
});

describe('a deployer that does not answer is told as one that', () => {
  test('ended in an error, in its first line', async () => {
    const thrown = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out\n  at somewhere' };
    lambda.on(InvokeCommand).resolves({ ...saying(thrown), FunctionError: 'Unhandled' });
    expect(await inspect()).toEqual({ answered: false, known: true, because: 'it ended in an error: Task timed out' });
  });

  test('ended without a word', async () => {
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled' });
    expect(await inspect()).toMatchObject({ because: 'it ended in an error: without a word' });
  });

  test('says something else', async () => {
    lambda.on(InvokeCommand).resolves(saying({ outcome: 'applied' }));
    expect(await inspect()).toMatchObject({ because: 'it says something else than asked for' });
  });

  test('is gone', async () => {
    lambda.on(InvokeCommand).rejects(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
    expect(await inspect()).toMatchObject({ because: 'lambda:InvokeFunction answered ResourceNotFoundException' });
  });

  test('cannot be connected to', async () => {
    lambda.on(InvokeCommand).rejects(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    expect(await inspect()).toMatchObject({ because: 'no connection (ECONNREFUSED)' });
  });

  test('says nothing in time', async () => {
    lambda
      .on(InvokeCommand)
      .callsFake(() => new Promise((_, reject) => setTimeout(() => reject(new Error('aborted')), 60)));
    expect(await inspect('default', 20)).toMatchObject({ because: 'nothing within 0.02 s' });
  });
});

test('a mistake of ours stays one', async () => {
  lambda.on(InvokeCommand).rejects(new TypeError('undefined is not a function'));
  await expect(inspect()).rejects.toThrow(TypeError);
});
