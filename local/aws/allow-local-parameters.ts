import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { localClient } from './local-clients.ts';

const ACTION = 'ssm:GetParameters';

/**
 * MiniStack 1.5.33 judges `ssm:GetParameters` by the resource `*`, where AWS judges it by each parameter that is asked for. So every role of the app that
 * may read some parameters by that action may read all of them here. What the roles really get stands in the template, and its tests.
 */
export async function allowLocalParameters(endpoint: string, stackName: string): Promise<void> {
  const config = localClient(endpoint);
  const [cloudformation, iam] = [new CloudFormationClient(config), new IAMClient(config)];
  try {
    const { StackResources = [] } = await cloudformation.send(
      new DescribeStackResourcesCommand({ StackName: stackName }),
    );
    const roles = StackResources.filter(({ ResourceType }) => ResourceType === 'AWS::IAM::Role');
    await Promise.all(
      roles.map(async ({ PhysicalResourceId: RoleName }) => {
        if (RoleName === undefined || !(await readsParameters(iam, RoleName))) return;
        const PolicyDocument = JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ACTION, Resource: '*' }],
        });
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'local-parameters', PolicyDocument }));
      }),
    );
  } finally {
    cloudformation.destroy();
    iam.destroy();
  }
}

async function readsParameters(iam: IAMClient, RoleName: string): Promise<boolean> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  return policies.some(({ PolicyDocument = '' }) => decodeURIComponent(PolicyDocument).includes(`"${ACTION}"`));
}
