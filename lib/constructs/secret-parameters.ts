import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';

const OF_SECRETS = 'one parameter for each layer of secrets of each package, and for each secret of an environment';

const EDIT = [
  'ssm:PutParameter',
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:GetParameterHistory',
  'ssm:DeleteParameter',
] as const;

/** Lets a role see versions and ciphertexts of secrets, to freeze them: what is in them it can never see. */
export function allowSeeingSealed(role: Role, config: Config): void {
  allow(role, { actions: ['ssm:GetParameters'], resources: secretArns(role, config), because: OF_SECRETS });
  denyDecrypting(role);
}

/** Lets a role write layers of secrets and see versions and ciphertexts of them: it can never see what is in them. */
export function allowKeepingSecrets(role: Role, config: Config): void {
  allow(role, { actions: EDIT, resources: [secretLayersArn(role, config)], because: OF_SECRETS });
  allowSealing(role, config);
}

/** Lets a role write secrets of environments: it can never see what is in them. They stay, for plans that have them frozen. */
export function allowKeepingEnvironmentSecrets(role: Role, config: Config): void {
  allow(role, {
    actions: ['ssm:PutParameter'],
    resources: [environmentSecretsArn(role, config)],
    because: OF_SECRETS,
  });
  allowSealing(role, config);
}

/** Standard parameters are encrypted by `kms:Encrypt`, advanced ones by a data key (https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html). */
function allowSealing(role: Role, { secrets }: Config): void {
  denyDecrypting(role);
  if (secrets.kmsKeys.length === 0) return;
  role.addToPolicy(
    new PolicyStatement({
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      resources: secrets.kmsKeys,
      conditions: BY_PARAMETER_STORE,
    }),
  );
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
const BY_PARAMETER_STORE = { StringLike: { 'kms:ViaService': 'ssm.*' } };

/**
 * The policy of the key that AWS manages for Parameter Store lets everybody of the account decrypt who may read the parameter
 * (https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html): only a denial keeps them from it.
 */
export function denyDecrypting(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'NeverDecrypts',
      effect: Effect.DENY,
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: BY_PARAMETER_STORE,
    }),
  );
}

/** All that is secret: layers of packages, and secrets of environments. */
export const secretArns = (scope: Construct, config: Config): readonly string[] => [
  secretLayersArn(scope, config),
  environmentSecretsArn(scope, config),
];

const secretLayersArn = (scope: Construct, config: Config) => arnOf(scope, config, '*-service-helm-secrets*');
const environmentSecretsArn = (scope: Construct, config: Config) => arnOf(scope, config, '*-environment-secret.*');

/** Parameter names without a leading `/` get one in their ARN (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-policy-examples.html). */
function arnOf(scope: Construct, { values }: Config, name: string): string {
  const path = values.prefix === '' ? '/' : values.prefix;
  return Stack.of(scope).formatArn({ service: 'ssm', resource: `parameter${path}${name}` });
}
