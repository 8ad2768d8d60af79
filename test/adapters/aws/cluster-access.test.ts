import { DescribeClusterCommand, EKSClient, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { clusterAccess } from '../../../adapters/aws/cluster-access.ts';

const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 'b' });
const dev = { name: 'dev', account: '000000000000', region: 'eu-north-1' };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const access = (now: () => Date = () => new Date(0)) =>
  clusterAccess({ eks: () => new EKSClient({}), credentials, now });

test('what the registry says is taken without asking EKS', async () => {
  const eks = mockClient(EKSClient);
  const answer = await access()({ ...dev, endpoint: 'https://1.2.3.4', ca: base64('PEM') });
  expect(answer).toMatchObject({ found: true, connection: { server: 'https://1.2.3.4', ca: 'PEM' } });
  expect(eks.calls()).toHaveLength(0);
});

test('EKS is asked once in ten minutes', async () => {
  const eks = mockClient(EKSClient);
  const cluster = { endpoint: 'https://eks', certificateAuthority: { data: base64('PEM') } };
  eks.on(DescribeClusterCommand, { name: 'dev' }).resolves({ cluster });
  let now = 0;
  const ask = access(() => new Date(now));
  await ask(dev);
  now = 9 * 60_000;
  expect(await ask(dev)).toMatchObject({ found: true, connection: { server: 'https://eks', ca: 'PEM' } });
  expect(eks.calls()).toHaveLength(1);
  now = 10 * 60_000;
  await ask(dev);
  expect(eks.calls()).toHaveLength(2);
});

test('a cluster that EKS does not know is an answer that says what to do', async () => {
  mockClient(EKSClient)
    .on(DescribeClusterCommand)
    .rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));
  const answer = await access()(dev);
  expect(answer).toMatchObject({
    found: false,
    because: expect.stringContaining('register the environment with endpoint'),
  });
});

test('a cluster still being made has no endpoint yet', async () => {
  mockClient(EKSClient)
    .on(DescribeClusterCommand)
    .resolves({ cluster: { status: 'CREATING' } });
  expect(await access()(dev)).toMatchObject({ found: false, because: expect.stringContaining('CREATING') });
});
