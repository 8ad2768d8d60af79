/** Secrets on the local AWS, which judges session policies: by the package's own session, or not at all. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AwsCredentials } from '../../../adapters/aws/eks-token.ts';
import { packageSecrets } from '../../../adapters/aws/package-secrets.ts';
import { secretSessions } from '../../../adapters/aws/secret-sessions.ts';
import { sessionPolicy } from '../../../adapters/aws/session-policy.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../../local/aws/ministack-environment.ts';
import { testMiniStack } from '../../support/ministack.ts';
import { secretsContract } from '../secrets.contract.ts';

const ROLE = `arn:aws:iam::${LOCAL_ACCOUNT}:role/fairlead-secrets`;
const place = { account: LOCAL_ACCOUNT, region: LOCAL_REGION, prefix: '/helm/' };
let ministack: MiniStack;
let deployer: AwsCredentials;
const root = () => localClient(ministack.endpoint);
const ssmAs = (credentials: AwsCredentials) => new SSMClient(localClient(ministack.endpoint, credentials));
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

beforeAll(async () => {
  ministack = await testMiniStack();
  const iam = new IAMClient(root());
  const role = async (RoleName: string, AWS: string, right: object) => {
    const AssumeRolePolicyDocument = policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(right) }));
  };
  await role('deployer', `arn:aws:iam::${LOCAL_ACCOUNT}:root`, {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: ROLE,
  });
  await role('fairlead-secrets', `arn:aws:iam::${LOCAL_ACCOUNT}:role/deployer`, {
    Effect: 'Allow',
    Action: ['ssm:GetParameter', 'secretsmanager:GetSecretValue', 'kms:Decrypt'],
    Resource: '*',
  });
  const { Credentials } = await new STSClient(root()).send(
    new AssumeRoleCommand({ RoleArn: ROLE.replace('fairlead-secrets', 'deployer'), RoleSessionName: 'lambda' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  deployer = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
});
afterAll(() => ministack?.stop());

const sts = () => new STSClient(localClient(ministack.endpoint, deployer));
const now = () => new Date();
const digest = async (content: string | Uint8Array) => `digest of ${Buffer.from(content).toString()}`;

async function sealed(Name: string, Value: string) {
  const ssm = new SSMClient(root());
  const { Version = 0 } = await ssm.send(
    new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }),
  );
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: false }));
  return { name: Name, version: Version, digest: await digest(Parameter?.Value ?? '') };
}

secretsContract('AWS', async () => {
  const ssm = new SSMClient(root());
  const manager = new SecretsManagerClient(root());
  const remove = async (Name: string) => void (await ssm.send(new DeleteParameterCommand({ Name })));
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({ MaxResults: 50 }));
  for (const { Name = '' } of Parameters) await remove(Name);
  const of = packageSecrets({
    sts: sts(),
    roleArn: ROLE,
    place,
    digest,
    now,
    ssm: ssmAs,
    secretsManager: (_, credentials) => new SecretsManagerClient(localClient(ministack.endpoint, credentials)),
  });
  return {
    of,
    seal: sealed,
    remove,
    async store(Name, SecretString) {
      await manager.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true })).catch(() => {});
      const { ARN = '' } = await manager.send(new CreateSecretCommand({ Name, SecretString }));
      return ARN;
    },
  };
});

describe('a session for package web', () => {
  const open = secretSessionsOf();
  const reading = async (name: string) => {
    const credentials = await open()({
      package: 'web',
      policy: sessionPolicy(place, { package: 'web', allowed: ['ssm:/shared/smtp'] }),
    });
    await sealed(name, 'canary');
    return await ssmAs(credentials).send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  };

  test.each([
    '/helm/web-service-helm-secrets',
    '/helm/web-service-helm-secrets.environment.prod',
    '/helm/web-service-helm-secrets.label.ring.prod',
    '/helm/prod-environment-secret.password',
    '/shared/smtp',
  ])('may read %s', async (name) => {
    expect((await reading(name)).Parameter?.Value).toBe('canary');
  });

  test.each([
    '/helm/api-service-helm-secrets',
    '/helm/web-service-helm-secrets-x-service-helm-secrets',
    '/helm/webshop-service-helm-secrets',
    '/shared/smtp2',
    '/other/key',
  ])('may not read %s', async (name) => {
    await expect(reading(name)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  });
});

test('the deployer itself may read none', async () => {
  const name = '/helm/web-service-helm-secrets';
  await sealed(name, 'canary');
  const asked = ssmAs(deployer).send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  await expect(asked).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
});

test('nobody else gets a session', async () => {
  const stranger = new STSClient(
    localClient(ministack.endpoint, { accessKeyId: '222222222222', secretAccessKey: 'x' }),
  );
  const open = secretSessions({ sts: stranger, roleArn: ROLE, now });
  await expect(open({ package: 'web', policy: policy() })).rejects.toThrow();
});

function secretSessionsOf() {
  let open: ReturnType<typeof secretSessions> | undefined;
  return () => {
    open ??= secretSessions({ sts: sts(), roleArn: ROLE, now });
    return open;
  };
}
