import { GetParameterHistoryCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { ssmHistory } from '../../../adapters/aws/ssm-history.ts';

const version = (n: number) => ({
  Name: 'a',
  Version: n,
  Value: 'secret-canary',
  LastModifiedUser: `arn:aws:iam::1:user/u${n}`,
  LastModifiedDate: new Date(n * 1000),
});
const history = () => ssmHistory({ client: new SSMClient({}) });

test('the highest version counts, on whatever page it is, and nothing is decrypted', async () => {
  const client = mockClient(SSMClient);
  client
    .on(GetParameterHistoryCommand, { Name: 'a' })
    .resolves({ Parameters: [version(3), version(1)], NextToken: 't' });
  client.on(GetParameterHistoryCommand, { Name: 'a', NextToken: 't' }).resolves({ Parameters: [version(2)] });
  const last = await history().last('a');
  expect(last).toEqual({ version: 3, by: 'arn:aws:iam::1:user/u3', at: '1970-01-01T00:00:03.000Z' });
  const inputs = client.commandCalls(GetParameterHistoryCommand).map(({ args }) => args[0].input);
  expect(inputs.map(({ NextToken }) => NextToken)).toEqual([undefined, 't']);
  expect(inputs.every(({ WithDecryption }) => WithDecryption === false)).toBe(true);
});

test('a parameter that is gone has no last change', async () => {
  const gone = new ParameterNotFound({ message: 'no such parameter', $metadata: {} });
  mockClient(SSMClient).on(GetParameterHistoryCommand).rejects(gone);
  expect(await history().last('a')).toBeUndefined();
});

test('a refusal is thrown, never taken for a parameter that is gone', async () => {
  mockClient(SSMClient).on(GetParameterHistoryCommand).rejects(new Error('AccessDenied'));
  await expect(history().last('a')).rejects.toThrow('AccessDenied');
});

test('who is not told is unknown', async () => {
  mockClient(SSMClient)
    .on(GetParameterHistoryCommand)
    .resolves({ Parameters: [{ Name: 'a', Version: 1, LastModifiedDate: new Date(0) }] });
  expect(await history().last('a')).toMatchObject({ by: 'unknown' });
});
