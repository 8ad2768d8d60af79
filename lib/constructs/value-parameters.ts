import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';
import { denyDecrypting } from './secret-parameters.ts';

const BECAUSE = 'one parameter for each layer of values of each package; secrets have names of another form';

/** Lets a role read value layers at given versions: all `{prefix}{package}-service-helm-values…`, never the secrets. */
export function allowPullingValues(role: Role, config: Config): void {
  allow(role, { actions: ['ssm:GetParameters'], resources: [valuesArn(role, config)], because: BECAUSE });
}

/**
 * Lets a role see value layers and what they were. The pattern also matches secrets whose environment, label or key is called so
 * (`dev-environment-secret.x-service-helm-values`): those stay sealed.
 */
export function allowReadingValues(role: Role, config: Config): void {
  allow(role, {
    actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParameterHistory'],
    resources: [valuesArn(role, config)],
    because: BECAUSE,
  });
  denyDecrypting(role);
}

/** Lets a role edit value layers and see what they were. */
export function allowEditingValues(role: Role, config: Config): void {
  allow(role, {
    actions: [
      'ssm:PutParameter',
      'ssm:GetParameter',
      'ssm:GetParameters',
      'ssm:GetParameterHistory',
      'ssm:DeleteParameter',
    ],
    resources: [valuesArn(role, config)],
    because: BECAUSE,
  });
}

/** Names of parameters, versions, when and by whom, never what is in them. There is no narrower right (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html). */
export function allowListingLayers(role: Role): void {
  allow(role, {
    actions: ['ssm:DescribeParameters'],
    resources: ['*'],
    because: 'AWS lists parameters by a filter, and grants it for all of them or none',
  });
}

/** Parameter names without a leading `/` get one in their ARN (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-policy-examples.html). */
export function valuesArn(scope: Construct, { values }: Config): string {
  const path = values.prefix === '' ? '/' : values.prefix;
  return Stack.of(scope).formatArn({ service: 'ssm', resource: `parameter${path}*-service-helm-values*` });
}
