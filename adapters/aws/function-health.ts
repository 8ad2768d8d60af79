/** How the functions of a stack are, as Lambda sees them. */

import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionSeen, FunctionsRead } from '../../contracts/looks.ts';
import { isTold, toldPlainly } from './told-plainly.ts';

export interface FunctionHealthProps {
  readonly cloudformation: CloudFormationClient;
  readonly lambda: LambdaClient;
}

const AT_ONCE = 4;

/** State and last update of each function of the stack. Not being allowed to look is an answer. */
export async function functionHealth(
  { cloudformation, lambda }: FunctionHealthProps,
  stack: string,
): Promise<FunctionsRead> {
  try {
    const waiting = await toldPlainly(`list what the stack ${stack} has`, namesIn(cloudformation, stack));
    const functions: FunctionSeen[] = [];
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
        functions.push(await one(lambda, name));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { read: true, functions: functions.toSorted((a, b) => a.name.localeCompare(b.name)) };
  } catch (error: unknown) {
    if (!isTold(error)) throw error;
    return { read: false, because: error.message };
  }
}

async function namesIn(client: CloudFormationClient, stack: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceType === 'AWS::Lambda::Function' && PhysicalResourceId !== undefined) names.push(PhysicalResourceId);
    }
  }
  return names;
}

async function one(lambda: LambdaClient, name: string): Promise<FunctionSeen> {
  const asked = lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const found = await toldPlainly(`look at the function ${name}`, asked);
  const because = found.StateReason ?? found.LastUpdateStatusReason;
  return {
    name,
    state: found.State ?? 'unknown',
    lastUpdate: found.LastUpdateStatus ?? 'unknown',
    ...(because !== undefined && { because }),
  };
}
