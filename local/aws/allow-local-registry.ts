import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { localClient } from './local-clients.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './ministack-environment.ts';

/**
 * Lets a role make repositories for charts in MiniStack's ECR, as the app lets operators do in an account's. The app cannot see that this registry is
 * ECR's too: it is reached at a loopback address instead of `{account}.dkr.ecr.{region}.amazonaws.com`. Pushes and pulls need no rights here.
 */
export async function allowLocalRegistry(endpoint: string, roleArn: string): Promise<void> {
  const statement = {
    Effect: 'Allow',
    Action: ['ecr:CreateRepository', 'ecr:DescribeRepositories'],
    Resource: `arn:aws:ecr:${LOCAL_REGION}:${LOCAL_ACCOUNT}:repository/charts/*`,
  };
  const iam = new IAMClient(localClient(endpoint));
  try {
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
        PolicyName: 'local-chart-registry',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
  } finally {
    iam.destroy();
  }
}
