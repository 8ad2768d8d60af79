/** The way into another account on the local AWS, which keeps accounts apart and judges trust policies: by the deployer's role, with the external id, or not at all. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AssumedRole, assumedRoles } from '../../../adapters/aws/assumed-roles.ts';
import { clusterAccess } from '../../../adapters/aws/cluster-access.ts';
import type { AwsCredentials } from '../../../adapters/aws/eks-token.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { LOCAL_REGION } from '../../../local/aws/ministack-environment.ts';
import { tokenCaller } from '../../../local/cluster/token-caller.ts';
import { testMiniStack } from '../../support/ministack.ts';

const HOME = '111111111111';
const OTHER = '222222222222';
const EXTERNAL_ID = 'f3a9c1d2-7b1e';
const role: AssumedRole = {
  roleArn: `arn:aws:iam::${OTHER}:role/fairlead-cluster-access`,
  externalId: EXTERNAL_ID,
  session: 'prod-eu',
};
/** MiniStack takes a key of twelve digits for the root of that account. */
const rootOf = (account: string) => ({ accessKeyId: account, secretAccessKey: 'x' });
let ministack: MiniStack;

beforeAll(async () => {
  ministack = await testMiniStack();
  const right = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role.roleArn };
  const toldIt = { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } };
  for (const name of ['fairlead-deployer', 'somebody-else']) {
    await makeRole(HOME, name, {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HOME}:root` },
      Action: 'sts:AssumeRole',
    });
    await new IAMClient(localClient(ministack.endpoint, rootOf(HOME))).send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'abroad', PolicyDocument: policy(right) }),
    );
  }
  const Principal = { AWS: `arn:aws:iam::${HOME}:role/fairlead-deployer` };
  await makeRole(OTHER, 'fairlead-cluster-access', {
    Effect: 'Allow',
    Principal,
    Action: 'sts:AssumeRole',
    Condition: toldIt,
  });
});
afterAll(() => ministack?.stop());

const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

async function makeRole(account: string, RoleName: string, trust: object): Promise<void> {
  const iam = new IAMClient(localClient(ministack.endpoint, rootOf(account)));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
}

async function sessionOf(name: string): Promise<AwsCredentials> {
  const sts = new STSClient(localClient(ministack.endpoint, rootOf(HOME)));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HOME}:role/${name}`, RoleSessionName: 'lambda' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

const stsAs = (credentials: AwsCredentials) => new STSClient(localClient(ministack.endpoint, credentials));
const assumeAs = async (name: string) => assumedRoles({ sts: stsAs(await sessionOf(name)), now: () => new Date() });

test('the deployer becomes the role of the other account, in a session named after the environment', async () => {
  const answer = await (await assumeAs('fairlead-deployer'))(role);
  if (!answer.assumed) throw new Error(answer.because);
  const { Arn } = await stsAs(answer.credentials).send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe(`arn:aws:sts::${OTHER}:assumed-role/fairlead-cluster-access/prod-eu`);
});

test.each([
  ['the deployer with another external id', 'fairlead-deployer', { ...role, externalId: 'f3a9c1d2-0000' }],
  ['another role of the same account, though it knows the external id', 'somebody-else', role],
  ['the deployer for a role that is not there', 'fairlead-deployer', { ...role, roleArn: `${role.roleArn}-x` }],
])('%s is refused, in words', async (_, name, wanted) => {
  expect(await (await assumeAs(name))(wanted)).toEqual({
    assumed: false,
    because: expect.stringMatching(
      /^sts:AssumeRole \S+ answered AccessDenied\w*: deploy ClusterAccess in that account/,
    ),
  });
});

test('the token for a cluster there is one that STS takes for that role', async () => {
  const own = await sessionOf('fairlead-deployer');
  const access = clusterAccess({
    account: HOME,
    credentials: async () => own,
    accounts: new Map([[OTHER, role]]),
    assume: assumedRoles({ sts: stsAs(own), now: () => new Date() }),
    eks: () => {
      throw new Error('the address is registered');
    },
    now: () => new Date(),
  });
  const place = { name: 'prod', account: OTHER, region: LOCAL_REGION, endpoint: 'https://1.2.3.4', ca: '' };
  const answer = await access(place, 'prod-eu');
  if (!answer.found) throw new Error(answer.because);
  const caller = tokenCaller({
    endpoint: ministack.endpoint,
    cluster: 'prod',
    region: LOCAL_REGION,
    now: () => new Date(),
  });
  expect(await caller(await answer.connection.token())).toEqual({
    known: true,
    arn: `arn:aws:sts::${OTHER}:assumed-role/fairlead-cluster-access/prod-eu`,
  });
});
