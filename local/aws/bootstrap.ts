import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { localClient } from './local-clients.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './ministack-environment.ts';

/** The CDK's default qualifier; its names below are those of `cdk bootstrap`'s template. */
const QUALIFIER = 'hnb659fds';
/** What the CDK reads before a deploy; version of the template that aws-cdk 2.1148 brings. */
const BOOTSTRAP_VERSION = '33';
const GITHUB = 'https://token.actions.githubusercontent.com';

/**
 * Makes in an empty MiniStack what has to be there before `cdk deploy`, and answers the ARN of GitHub's OIDC provider.
 *
 * Does by six SDK calls what `cdk bootstrap` takes 8 s for on two cores: its asset bucket, the roles that `cdk deploy` assumes, its version.
 * The bucket goes without bootstrap's policy on purpose: that one denies plain HTTP, which is all MiniStack speaks.
 * The OIDC provider is made here because CloudFormation in MiniStack does not know `AWS::IAM::OIDCProvider`; the app imports it.
 */
export async function bootstrap(endpoint: string): Promise<{ oidcProviderArn: string }> {
  const config = localClient(endpoint);
  const iam = new IAMClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const ssm = new SSMClient(config);
  try {
    const [provider] = await Promise.all([
      iam.send(new CreateOpenIDConnectProviderCommand({ Url: GITHUB, ClientIDList: ['sts.amazonaws.com'] })),
      s3.send(new CreateBucketCommand({ Bucket: `cdk-${QUALIFIER}-assets-${LOCAL_ACCOUNT}-${LOCAL_REGION}` })),
      ssm.send(
        new PutParameterCommand({
          Name: `/cdk-bootstrap/${QUALIFIER}/version`,
          Value: BOOTSTRAP_VERSION,
          Type: 'String',
          Overwrite: true,
        }),
      ),
      ...['deploy', 'file-publishing', 'cfn-exec', 'lookup'].map((purpose) => createDeployRole(iam, purpose)),
    ]);
    return { oidcProviderArn: provider.OpenIDConnectProviderArn ?? providerArn() };
  } finally {
    for (const client of [iam, s3, ssm]) client.destroy();
  }
}

/** The ARN under which an account's one GitHub provider is always found. */
export function providerArn(account: string = LOCAL_ACCOUNT): string {
  return `arn:aws:iam::${account}:oidc-provider/${new URL(GITHUB).host}`;
}

async function createDeployRole(iam: IAMClient, purpose: string): Promise<void> {
  const RoleName = `cdk-${QUALIFIER}-${purpose}-role-${LOCAL_ACCOUNT}-${LOCAL_REGION}`;
  const trust = { Effect: 'Allow', Principal: { AWS: LOCAL_ACCOUNT }, Action: 'sts:AssumeRole' };
  const service = { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [purpose === 'cfn-exec' ? service : trust],
  });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'everything', PolicyDocument: JSON.stringify(everything) }),
  );
}
