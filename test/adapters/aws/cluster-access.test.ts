import { createServer } from 'node:http';
import { DescribeClusterCommand, EKSClient, EKSServiceException, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test, vi } from 'vitest';
import type { AssumeAnswer, AssumeRole } from '../../../adapters/aws/assumed-roles.ts';
import { type ClusterAccessProps, clusterAccess } from '../../../adapters/aws/cluster-access.ts';

const HOME = '111111111111';
const OTHER = '222222222222';
const credentials = async () => ({ accessKeyId: 'own', secretAccessKey: 'b' });
const dev = { name: 'dev', account: HOME, region: 'eu-north-1' };
const abroad = { ...dev, account: OTHER };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const registered = { endpoint: 'https://1.2.3.4', ca: base64('PEM') };
const there = { roleArn: `arn:aws:iam::${OTHER}:role/fairlead-cluster-access`, externalId: 'f3a9c1d2' };
const session: AssumeAnswer = { assumed: true, credentials: { accessKeyId: 'theirs', secretAccessKey: 'c' } };
const noRole: AssumeRole = async () => {
  throw new Error('no role is needed here');
};

const access = (given: Partial<ClusterAccessProps> = {}) =>
  clusterAccess({
    account: HOME,
    accounts: new Map([[OTHER, there]]),
    assume: noRole,
    eks: () => new EKSClient({ region: 'eu-north-1' }),
    credentials,
    now: () => new Date(0),
    ...given,
  });

/** Who signed a token: the key in its credential scope. */
async function signerOf(answer: Awaited<ReturnType<ReturnType<typeof clusterAccess>>>): Promise<string | undefined> {
  if (!answer.found) throw new Error(answer.because);
  const url = Buffer.from((await answer.connection.token()).replace('k8s-aws-v1.', ''), 'base64url').toString();
  return new URL(url).searchParams.get('X-Amz-Credential')?.split('/')[0];
}

function known(): ReturnType<typeof mockClient> {
  const cluster = { endpoint: 'https://eks', certificateAuthority: { data: base64('PEM') } };
  const eks = mockClient(EKSClient);
  eks.on(DescribeClusterCommand, { name: 'dev' }).resolves({ cluster });
  return eks;
}

test('what the registry says is taken without asking EKS', async () => {
  const eks = mockClient(EKSClient);
  const answer = await access()({ ...dev, ...registered }, 'dev-eu');
  expect(answer).toMatchObject({ found: true, connection: { server: 'https://1.2.3.4', ca: 'PEM' } });
  expect(eks.calls()).toHaveLength(0);
});

test('EKS is asked once in ten minutes', async () => {
  const eks = known();
  let now = 0;
  const ask = access({ now: () => new Date(now) });
  await ask(dev, 'dev-eu');
  now = 9 * 60_000;
  expect(await ask(dev, 'dev-eu')).toMatchObject({ found: true, connection: { server: 'https://eks', ca: 'PEM' } });
  expect(eks.calls()).toHaveLength(1);
  now = 10 * 60_000;
  await ask(dev, 'dev-eu');
  expect(eks.calls()).toHaveLength(2);
});

test('a cluster that EKS does not know is an answer that says what to do, and may be there later', async () => {
  mockClient(EKSClient)
    .on(DescribeClusterCommand)
    .rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));
  expect(await access()(dev, 'dev-eu')).toMatchObject({
    found: false,
    never: false,
    because: expect.stringContaining('register the environment with endpoint'),
  });
});

const eksSays = (name: string) => new EKSServiceException({ name, $fault: 'client', message: 'no', $metadata: {} });

describe.each([
  ['ThrottlingException', eksSays('ThrottlingException')],
  ['ServerException', eksSays('ServerException')],
  ['connect ECONNREFUSED', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['TimeoutError', Object.assign(new Error(''), { name: 'TimeoutError' })],
])('EKS in trouble of its own (%s)', (words, error) => {
  test('says nothing of the cluster: it may be found later, and nobody is told to change anything', async () => {
    mockClient(EKSClient).on(DescribeClusterCommand).rejects(error);
    const answer = await access()(dev, 'dev-eu');
    expect(answer).toMatchObject({ found: false, never: false, because: expect.stringContaining(words) });
    expect('because' in answer && answer.because).toMatch(/: it is asked again; /);
  });

  test('does not take away what it said before, however long ago', async () => {
    const eks = known();
    let now = 0;
    const ask = access({ now: () => new Date(now) });
    await ask(dev, 'dev-eu');
    eks.on(DescribeClusterCommand).rejects(error);
    now = 60 * 60_000;
    expect(await ask(dev, 'dev-eu')).toMatchObject({ found: true, connection: { server: 'https://eks' } });
  });
});

test('a cluster that is gone is gone, whatever EKS said before', async () => {
  const eks = known();
  let now = 0;
  const ask = access({ now: () => new Date(now) });
  await ask(dev, 'dev-eu');
  eks.reset();
  eks.on(DescribeClusterCommand).rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));
  now = 10 * 60_000;
  expect(await ask(dev, 'dev-eu')).toMatchObject({ found: false });
});

test('throttling by EKS is tried again by the SDK before anybody hears of it', async () => {
  let calls = 0;
  const server = createServer((_, response) => {
    calls += 1;
    const done = calls === 3;
    response.writeHead(done ? 200 : 429, {
      'content-type': 'application/json',
      'x-amzn-errortype': 'ThrottlingException',
    });
    const cluster = { endpoint: 'https://eks', certificateAuthority: { data: base64('PEM') } };
    response.end(JSON.stringify(done ? { cluster } : { message: 'Rate exceeded' }));
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  const client = { accessKeyId: 'a', secretAccessKey: 'b' };
  const eks = () => new EKSClient({ region: 'eu-north-1', endpoint, credentials: client, maxAttempts: 3 });
  mockClient(EKSClient).restore();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  expect(await access({ eks })(dev, 'dev-eu')).toMatchObject({ found: true });
  expect(calls).toBe(3);
  vi.restoreAllMocks();
  server.close();
});

test('a cluster still being made has no endpoint yet', async () => {
  mockClient(EKSClient)
    .on(DescribeClusterCommand)
    .resolves({ cluster: { status: 'CREATING' } });
  expect(await access()(dev, 'dev-eu')).toMatchObject({ found: false, because: expect.stringContaining('CREATING') });
});

test('a cluster of our own account is reached as ourselves', async () => {
  known();
  expect(await signerOf(await access()(dev, 'dev-eu'))).toBe('own');
});

test('a cluster of another account is described and reached as the role there, in a session of the environment', async () => {
  known();
  const assume = vi.fn<AssumeRole>(async () => session);
  const eks = vi.fn<ClusterAccessProps['eks']>(() => new EKSClient({ region: 'eu-north-1' }));
  expect(await signerOf(await access({ assume, eks })(abroad, 'dev-eu'))).toBe('theirs');
  expect(assume).toHaveBeenCalledWith({ ...there, session: 'dev-eu' });
  const [region, as] = eks.mock.calls[0] ?? [];
  expect(region).toBe('eu-north-1');
  expect(await as?.()).toMatchObject({ accessKeyId: 'theirs' });
});

test('two environments of one such cluster have tokens of their own', async () => {
  const assume: AssumeRole = async ({ session: name }) => ({
    assumed: true,
    credentials: { accessKeyId: name, secretAccessKey: 'c' },
  });
  const ask = access({ assume });
  const place = { ...abroad, ...registered };
  expect(await signerOf(await ask(place, 'eu'))).toBe('eu');
  expect(await signerOf(await ask(place, 'us'))).toBe('us');
});

test('a role that does not let us in is told in words, and asked again: somebody may be putting it right', async () => {
  const assume = async () => ({ assumed: false as const, because: 'AccessDenied' });
  expect(await access({ assume })(abroad, 'eu')).toEqual({ found: false, never: false, because: 'AccessDenied' });
});

test('a session that is refused in the middle gives no token', async () => {
  const answers: AssumeAnswer[] = [session, { assumed: false, because: 'AccessDenied' }];
  const assume = async () => answers.shift() ?? session;
  const answer = await access({ assume })({ ...abroad, ...registered }, 'eu');
  await expect(signerOf(answer)).rejects.toThrow('AccessDenied');
});

test('a cluster of an account that nobody configured is not looked for among our own, whatever it is called', async () => {
  const eks = known();
  const answer = await access()({ ...dev, account: '333333333333' }, 'eu');
  expect(answer).toMatchObject({ found: false, never: true });
  expect(answer.found || answer.because).toBe(
    'cluster dev in eu-north-1 belongs to account 333333333333, of which this installation in 111111111111 knows no role: add account 333333333333 to clusterAccounts of fairlead.yaml, or register the environment with endpoint and ca',
  );
  expect(eks.calls()).toHaveLength(0);
});

test('registered with endpoint and CA it is reached as ourselves: it may map our role itself', async () => {
  expect(await signerOf(await access()({ ...dev, account: '333333333333', ...registered }, 'eu'))).toBe('own');
});
