import { DescribeClusterCommand, EKSClient, EKSServiceException, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { describeCluster, type EksOf } from '../../../adapters/aws/describe-cluster.ts';

const eks = mockClient(EKSClient);
beforeEach(() => eks.reset());

const place = { name: 'main', account: '123456789012', region: 'eu-north-1' };
const ask = (of: EksOf = async () => ({ client: new EKSClient({}) })) => describeCluster(of)(place);
const metadata = { $fault: 'client' as const, $metadata: {}, message: 'no' };

test.each([
  [{}, { mode: 'CONFIG_MAP', isPrivate: false }],
  [{ accessConfig: { authenticationMode: 'API' as const } }, { mode: 'API', isPrivate: false }],
  [{ resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true } }, { isPrivate: false }],
  [{ resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } }, { isPrivate: true }],
  [{ arn: 'arn:aws:eks:eu-north-1:123456789012:cluster/main' }, { account: '123456789012' }],
])('of %j is seen %j', async (cluster, seen) => {
  eks.on(DescribeClusterCommand).resolves({ cluster });
  expect(await ask()).toMatchObject({ seen: 'mode', ...seen });
});

test.each([
  [new ResourceNotFoundException(metadata), 'not-found', /there is no such cluster/],
  [
    new EKSServiceException({ ...metadata, name: 'AccessDeniedException' }),
    'nothing',
    /answered AccessDeniedException/,
  ],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'nothing', /no answer .*ECONNREFUSED/],
  [Object.assign(new Error('late'), { name: 'TimeoutError' }), 'nothing', /no answer \(late\)/],
])('%s is told', async (error, seen, because) => {
  eks.on(DescribeClusterCommand).rejects(error);
  expect(await ask()).toEqual({ seen, because: expect.stringMatching(because) });
});

test('an account that we have no rights in is not asked', async () => {
  expect(await ask(async () => ({ because: 'no role there' }))).toEqual({ seen: 'nothing', because: 'no role there' });
  expect(eks.calls()).toEqual([]);
});

test('a mistake of ours stays one', async () => {
  eks.on(DescribeClusterCommand).rejects(new TypeError('undefined is not a function'));
  await expect(ask()).rejects.toThrow(TypeError);
});
