import { GetParametersCommand, SSMClient, ThrottlingException } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { ssmParameters } from '../../../adapters/aws/ssm-parameters.ts';

const names = (n: number) => Array.from({ length: n }, (_, i) => `p${i}`);

test('ten names are asked for a call, each once, and nothing is decrypted', async () => {
  const client = mockClient(SSMClient);
  client.on(GetParametersCommand).resolves({ Parameters: [], InvalidParameters: ['p0'] });
  expect((await ssmParameters({ client: new SSMClient({}) }).latest([...names(23), ...names(23)])).size).toBe(0);
  const inputs = client.commandCalls(GetParametersCommand).map(({ args }) => args[0].input);
  expect(inputs.map(({ Names }) => Names?.length)).toEqual([10, 10, 3]);
  expect(inputs.flatMap(({ Names }) => Names)).toEqual(names(23));
  expect(inputs.every(({ WithDecryption }) => WithDecryption === false)).toBe(true);
});

test('at most four calls are under way at once', async () => {
  let [now, most] = [0, 0];
  mockClient(SSMClient)
    .on(GetParametersCommand)
    .callsFake(async () => {
      most = Math.max(most, ++now);
      await new Promise((done) => setImmediate(done));
      now--;
      return { Parameters: [] };
    });
  await ssmParameters({ client: new SSMClient({}) }).latest(names(200));
  expect(most).toBe(4);
});

test('a refusal that outlasts the SDK’s own retries is thrown, never taken for a missing layer', async () => {
  const throttled = new ThrottlingException({ message: 'Rate exceeded', Message: 'Rate exceeded', $metadata: {} });
  mockClient(SSMClient).on(GetParametersCommand).rejects(throttled);
  await expect(ssmParameters({ client: new SSMClient({}) }).latest(['a'])).rejects.toThrow('Rate exceeded');
});
