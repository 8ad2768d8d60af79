import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootstrap } from '../../../local/aws/bootstrap.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { testMiniStack } from '../../support/ministack.ts';

describe('the local AWS', () => {
  let ministack: MiniStack;
  beforeAll(async () => {
    ministack = await testMiniStack();
  });
  afterAll(() => ministack.stop());

  test('answers on the loopback only', () => {
    expect(new URL(ministack.endpoint).hostname).toBe('127.0.0.1');
  });

  test('verifies signatures: a key that nobody issued is refused', async () => {
    const strangers = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'none' };
    const sts = new STSClient(localClient(ministack.endpoint, strangers));
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  test('is ready for the CDK after bootstrap, with roles that root may assume', async () => {
    const { oidcProviderArn } = await bootstrap(ministack.endpoint);
    expect(oidcProviderArn).toBe('arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com');
    const ssm = new SSMClient(localClient(ministack.endpoint));
    expect((await ssm.send(new DescribeParametersCommand({}))).Parameters?.map(({ Name }) => Name)).toContain(
      '/cdk-bootstrap/hnb659fds/version',
    );
    const sts = new STSClient(localClient(ministack.endpoint));
    const RoleArn = 'arn:aws:iam::000000000000:role/cdk-hnb659fds-deploy-role-000000000000-us-east-1';
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
    expect(Credentials?.SessionToken).toBeTruthy();
  });
});
