import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { localClient } from './local-clients.ts';

const Resource = z.object({
  Type: z.string(),
  Properties: z
    .object({
      TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
      ReservedConcurrentExecutions: z.int().optional(),
    })
    .optional(),
});
const Template = z.object({ Resources: z.record(z.string(), Resource) });

/**
 * Sets by SDK what MiniStack's CloudFormation reads and forgets, where behaviour depends on it: when items expire and how many calls of a function may
 * run at once. The rest that it forgets (recovery, encryption, lifecycles, throttles, access logs) changes nothing here and is asserted on the template.
 */
export async function patchDropped(endpoint: string, stackName: string): Promise<void> {
  const config = localClient(endpoint);
  const clients = {
    cloudformation: new CloudFormationClient(config),
    dynamodb: new DynamoDBClient(config),
    lambda: new LambdaClient(config),
  };
  try {
    const [{ TemplateBody = '{}' }, { StackResources = [] }] = await Promise.all([
      clients.cloudformation.send(new GetTemplateCommand({ StackName: stackName })),
      clients.cloudformation.send(new DescribeStackResourcesCommand({ StackName: stackName })),
    ]);
    const { Resources } = Template.parse(JSON.parse(TemplateBody));
    for (const { LogicalResourceId = '', PhysicalResourceId: id } of StackResources) {
      const { TimeToLiveSpecification, ReservedConcurrentExecutions } = Resources[LogicalResourceId]?.Properties ?? {};
      if (id === undefined) continue;
      if (TimeToLiveSpecification !== undefined)
        await clients.dynamodb.send(new UpdateTimeToLiveCommand({ TableName: id, TimeToLiveSpecification }));
      if (ReservedConcurrentExecutions !== undefined) {
        await clients.lambda.send(
          new PutFunctionConcurrencyCommand({ FunctionName: id, ReservedConcurrentExecutions }),
        );
      }
    }
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}
