import { RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';

export interface DigestKeyProps {
  /** Goes with the stack. */
  readonly disposable: boolean;
}

/** The key of the installation's digests: generated once, in nobody's hands. */
export class DigestKey extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { disposable }: DigestKeyProps) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Key of the digests by which Fairlead compares values (HMAC-SHA-256)',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    acknowledge(this.secret, {
      'AwsSolutions-SMG4': 'with another key no digest could be compared with those of earlier plans and releases',
    });
  }

  grantRead(role: Role): void {
    allow(role, { actions: ['secretsmanager:GetSecretValue'], resources: [this.secret.secretArn] });
  }
}
