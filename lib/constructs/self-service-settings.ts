import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';

/** Which repositories may serve themselves, as one parameter (docs/adr/0006); nothing without `selfService`. */
export class SelfServiceSettings extends Construct {
  /** Of the parameter; '' when there is none. */
  readonly name: string;

  constructor(scope: Construct, id: string, { name, selfService }: Pick<Config, 'name' | 'selfService'>) {
    super(scope, id);
    this.name = selfService === undefined ? '' : `/${name}/self-service`;
    if (selfService === undefined) return;
    new StringParameter(this, 'Rules', {
      parameterName: this.name,
      description: `What repositories of ${selfService.owner} may claim`,
      stringValue: JSON.stringify(selfService),
    });
  }

  grantRead(role: Role): void {
    if (this.name === '') return;
    const parameter = Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${this.name}` });
    allow(role, { actions: ['ssm:GetParameter'], resources: [parameter] });
  }
}
