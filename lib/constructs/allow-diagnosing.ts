import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';

/** Lets a role see what `fairlead doctor` looks at beside the API: how the functions are, and whom the roles of workflows trust. Changes nothing. */
export function allowDiagnosing(role: Role, { name }: Pick<Config, 'name'>): void {
  const stack = Stack.of(role);
  allow(role, {
    sid: 'ListFunctions',
    actions: ['cloudformation:ListStackResources'],
    resources: [stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${name}/*` })],
    because: 'CloudFormation ends the ARN of a stack with an id of its own',
  });
  allow(role, {
    sid: 'LookAtFunctions',
    actions: ['lambda:GetFunctionConfiguration'],
    resources: [
      stack.formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: `${name}-*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    because: 'CloudFormation names functions, and begins with the name of the stack',
  });
  allow(role, {
    sid: 'ReadTrust',
    actions: ['iam:GetRole'],
    resources: [`${name}-source-*`, `${name}-workflows`].map((resourceName) =>
      stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }),
    ),
    because: 'one role for each source',
  });
}
