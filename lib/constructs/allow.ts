import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import { acknowledge } from './acknowledge.ts';

export interface Right {
  /** Name of the statement, by which a decision can be explained. Letters and digits. @default none: the CDK may merge it with others */
  readonly sid?: string;
  /** Named one by one: no wildcards. */
  readonly actions: readonly string[];
  /** ARNs. One with `*` needs `because`. */
  readonly resources: readonly string[];
  /** Why the resources cannot be named more exactly. */
  readonly because?: string;
}

/**
 * Gives a role one right. A `*` in a resource comes with its reason, which is also what cdk-nag is told: there is no wildcard in our policies without one.
 * @throws when an action has a wildcard, or a resource has one and nobody says why
 */
export function allow(role: Role, { sid, actions, resources, because }: Right): void {
  const wild = actions.filter((action) => action.includes('*'));
  if (wild.length > 0) throw new Error(`actions are named one by one: ${wild.join(', ')}`);
  for (const resource of resources) {
    const shown = flattenCfnReference(Stack.of(role).resolve(resource));
    if (!shown.includes('*')) continue;
    if (because === undefined) throw new Error(`${actions.join(', ')} on ${shown} needs a reason: say because`);
    acknowledge(role, { [`AwsSolutions-IAM5[Resource::${shown}]`]: because });
  }
  role.addToPolicy(
    new PolicyStatement({ ...(sid !== undefined && { sid }), actions: [...actions], resources: [...resources] }),
  );
}
