import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { DeployerVpc } from '../../contracts/deployer-settings.ts';
import { acknowledge } from './acknowledge.ts';

/** What Lambda itself does to put a function into a VPC (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions). */
const FOR_LAMBDA = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Puts a function into a network that is there already, named by ids: nothing is looked up at synthesis and nothing is made in it. The network needs a way
 * to AWS's services (docs/deploy-to-aws.md). The CDK's own `vpc` asks for zones and routes, which nobody needs who names the subnets.
 */
export function putIntoNetwork(lambda: Lambda, { subnetIds, securityGroupIds }: DeployerVpc): void {
  const resource = lambda.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error('a function without its resource');
  resource.vpcConfig = { subnetIds, securityGroupIds };
}

/**
 * Lets Lambda attach functions of this role to a network, and their own code not: whoever gets hold of a session cannot make interfaces with it
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice).
 */
export function letLambdaAttach(role: Role): void {
  role.addToPolicy(new PolicyStatement({ sid: 'LambdaAttaches', actions: FOR_LAMBDA, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      sid: 'NobodyElse',
      effect: Effect.DENY,
      actions: FOR_LAMBDA,
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': functionsOf(role) } },
    }),
  );
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Lambda asks for these rights on every resource before it attaches a function; its code is denied them',
  });
}

/** What CodeBuild asks for before it starts a build there (https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface). */
const FOR_CODEBUILD = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/** Lets CodeBuild attach builds of this role to a network: interfaces may be handed to CodeBuild in these subnets, and to nobody else. */
export function letCodeBuildAttach(role: Role, { subnetIds }: DeployerVpc): void {
  const { partition, account, region } = Stack.of(role);
  const ec2 = (kind: string) => `arn:${partition}:ec2:${region}:${account}:${kind}`;
  role.addToPolicy(new PolicyStatement({ sid: 'CodeBuildAttaches', actions: FOR_CODEBUILD, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ToItself',
      actions: ['ec2:CreateNetworkInterfacePermission'],
      resources: [ec2('network-interface/*')],
      conditions: {
        StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
        ArnEquals: { 'ec2:Subnet': subnetIds.map((id) => ec2(`subnet/${id}`)) },
      },
    }),
  );
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(role).resolve(ec2('network-interface/*')))}]`]:
      'CodeBuild makes an interface for each build; the condition names the subnets and who gets it',
  });
}

/** Any function here, since naming the one would close a circle: a function waits for its role's policy. */
function functionsOf(role: Role): string {
  return Stack.of(role).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
