import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';

/** What each source may roll out, one parameter a source: a function's environment ends at 4 KB (docs/adr/0006). */
export class SourceSettings extends Construct {
  /** Path of all of them, ending in `/`. */
  readonly prefix: string;

  constructor(scope: Construct, id: string, { name, sources }: Pick<Config, 'name' | 'sources'>) {
    super(scope, id);
    this.prefix = `/${name}/sources/`;
    for (const { name: source, repository, packages } of sources) {
      new StringParameter(this, source, {
        parameterName: `${this.prefix}${source}`,
        description: `What ${repository} may roll out`,
        stringValue: JSON.stringify({ repository, packages }),
      });
    }
  }

  grantRead(role: Role): void {
    allow(role, {
      actions: ['ssm:GetParameter'],
      resources: [Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${this.prefix}*` })],
      because: 'one parameter for each source, under a path that holds nothing else',
    });
  }
}
