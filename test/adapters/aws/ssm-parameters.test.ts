import { createServer } from 'node:http';
import { GetParametersCommand, SSMClient, ThrottlingException } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test, vi } from 'vitest';
import { ParameterStoreThrottled, ssmParameters } from '../../../adapters/aws/ssm-parameters.ts';

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
  const asking = ssmParameters({ client: new SSMClient({}) }).latest(['a']);
  await expect(asking).rejects.toThrow(ParameterStoreThrottled);
  await expect(asking).rejects.toThrow('Rate exceeded');
});

test('throttling is waited out with full jitter, and every layer is found', async () => {
  // Full jitter: whoever is lucky does not wait at all.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  mockClient(SSMClient).restore();
  const calls: number[] = [];
  const server = createServer((request, response) => {
    request.resume();
    calls.push(Date.now());
    const done = calls.length > 3;
    response.writeHead(done ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    const Parameters = [{ Name: 'a', Version: 3, Value: 'x: 1' }];
    response.end(JSON.stringify(done ? { Parameters } : { __type: 'ThrottlingException', message: 'Rate exceeded' }));
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const client = new SSMClient({
    region: 'eu-north-1',
    endpoint: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 10,
  });
  expect(await ssmParameters({ client }).latest(['a'])).toEqual(
    new Map([['a', { version: 3, value: 'x: 1', secret: false }]]),
  );
  expect(calls).toHaveLength(4);
  expect((calls.at(-1) ?? 0) - (calls[0] ?? 0)).toBeLessThan(400);
  vi.restoreAllMocks();
  client.destroy();
  server.close();
});
