import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, CompositePrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { secretsRoleName } from '../../domain/deployment/deployer-role.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';
import { secretArns } from './secret-parameters.ts';

export interface SecretReaderProps {
  readonly config: Config;
  /** The deployers' roles: nobody else assumes it. */
  readonly readers: readonly Role[];
}

/**
 * The one role that has secrets decrypted. Deployers have no such right themselves: they open a session of it for one package at a
 * time, whose own policy leaves nothing but that package's secrets (adapters/aws/session-policy.ts).
 */
export class SecretReader extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { config, readers }: SecretReaderProps) {
    super(scope, id);
    const { kmsKeys, references } = config.secrets;
    this.role = new Role(this, 'Role', {
      roleName: secretsRoleName(config.name),
      description: 'Reads secrets for the deployers, one package at a time',
      assumedBy: new CompositePrincipal(...readers.map(({ roleArn }) => new ArnPrincipal(roleArn))),
      maxSessionDuration: Duration.hours(1),
    });
    allow(this.role, {
      actions: ['ssm:GetParameter'],
      resources: [...secretArns(this, config), ...references.flatMap((pattern) => this.#parameter(pattern))],
      because: 'each session says by a policy of its own which of them it may read',
    });
    const secrets = references.flatMap(secretOf);
    if (secrets.length > 0) {
      allow(this.role, {
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets,
        because: 'fairlead.yaml names them; Secrets Manager adds six letters of its own to each name',
      });
    }
    // Their ids are AWS's choice; the aliases are the same everywhere.
    const managed = Stack.of(this).formatArn({ service: 'kms', region: '*', resource: 'key', resourceName: '*' });
    acknowledge(this.role, {
      [`AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(this).resolve(managed))}]`]:
        'keys that AWS manages have ids that nobody knows beforehand: a condition names their aliases',
    });
    this.#decrypt([managed], {
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/aws/ssm', 'alias/aws/secretsmanager'] },
    });
    if (kmsKeys.length > 0) this.#decrypt(kmsKeys, {});
  }

  #decrypt(resources: readonly string[], conditions: Record<string, Record<string, unknown>>): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [...resources],
        conditions: { StringLike: { 'kms:ViaService': ['ssm.*', 'secretsmanager.*'] }, ...conditions },
      }),
    );
  }

  #parameter(pattern: string): readonly string[] {
    if (!pattern.startsWith('ssm:')) return [];
    const name = pattern.slice('ssm:'.length);
    const resource = `parameter${name.startsWith('/') ? '' : '/'}${name}`;
    return [Stack.of(this).formatArn({ service: 'ssm', resource })];
  }
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html (six letters at the end of each ARN) */
function secretOf(pattern: string): readonly string[] {
  if (!pattern.startsWith('secretsmanager:')) return [];
  const arn = pattern.slice('secretsmanager:'.length);
  return arn.endsWith('*') ? [arn] : [arn, `${arn}-??????`];
}
