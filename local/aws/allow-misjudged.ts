import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { localClient } from './local-clients.ts';

/**
 * Rights that MiniStack 1.5.33 judges otherwise than AWS does: `ssm:GetParameters` by `*` instead of each parameter asked for,
 * `secretsmanager:GetSecretValue` by an ARN that its CloudFormation does not hand out (`Ref` of a secret is its name there),
 * `cloudformation:ListStackResources` by `*` instead of the stack that is named in the body, and `states:SendTaskSuccess` by `*` instead of the machine
 * whose token it is (the CDK's `grantTaskResponse` grants it on the machine too); `sts:AssumeRole` without the external id, which it tells to the role's
 * trust only and not to the caller's own policy. The trust still decides.
 */
const MISJUDGED = [
  'ssm:GetParameters',
  'secretsmanager:GetSecretValue',
  'cloudformation:ListStackResources',
  'states:SendTaskSuccess',
  'sts:AssumeRole',
];

/**
 * Lets every role of the app that has one of the misjudged rights on something have it on everything, here. What the roles really get stands in the
 * template, and its tests.
 */
export async function allowMisjudged(endpoint: string, stackName: string): Promise<void> {
  const config = localClient(endpoint);
  const [cloudformation, iam] = [new CloudFormationClient(config), new IAMClient(config)];
  try {
    const described = new DescribeStackResourcesCommand({ StackName: stackName });
    const { StackResources = [] } = await cloudformation.send(described);
    const roles = StackResources.filter(({ ResourceType }) => ResourceType === 'AWS::IAM::Role');
    await Promise.all(roles.map(({ PhysicalResourceId: role }) => role && allow(iam, role)));
  } finally {
    cloudformation.destroy();
    iam.destroy();
  }
}

async function allow(iam: IAMClient, RoleName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  const said = policies.map(({ PolicyDocument = '' }) => decodeURIComponent(PolicyDocument)).join();
  const Action = MISJUDGED.filter((action) => said.includes(`"${action}"`));
  if (Action.length === 0) return;
  const statement = { Effect: 'Allow', Action, Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'local-misjudged', PolicyDocument }));
}
