import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';

export interface DigestKeyProps {
  /** Name of the secret. */
  readonly name: string;
  /** Goes with the stack. */
  readonly disposable: boolean;
}

/** The key of the installation's digests: generated once, in nobody's hands. */
export class DigestKey extends Construct {
  readonly secret: Secret;
  readonly #name: string;

  constructor(scope: Construct, id: string, { name, disposable }: DigestKeyProps) {
    super(scope, id);
    this.#name = name;
    this.secret = new Secret(this, 'Secret', {
      secretName: name,
      description: 'Key of the digests by which Fairlead compares values (HMAC-SHA-256)',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    acknowledge(this.secret, {
      'AwsSolutions-SMG4': 'with another key no digest could be compared with those of earlier plans and releases',
    });
  }

  /** A secret's ARN ends in six characters of AWS's own (https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html). */
  grantRead(role: Role): void {
    const resourceName = `${this.#name}-??????`;
    const arn = Stack.of(this).formatArn({ service: 'secretsmanager', resource: 'secret', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    allow(role, { actions: ['secretsmanager:GetSecretValue'], resources: [arn] });
  }
}
