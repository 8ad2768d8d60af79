import { Duration } from 'aws-cdk-lib';
import { FederatedPrincipal, type IOidcProvider, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Source } from '../../contracts/config.ts';
import { allowCalls, type CallerRights } from './caller-rights.ts';
import { type Conditions, refuseWideTrust } from './source-trust.ts';

export interface SourceRoleProps extends Pick<CallerRights, 'api' | 'routes'> {
  /** Name of the installation; the role is `{installation}-source-{source}`. */
  readonly installation: string;
  readonly source: Source;
  readonly provider: IOidcProvider;
  /** Whose tokens are taken: `sourceTrust(source)`. */
  readonly trust: Conditions;
}

/** The role of one repository's workflows: start, follow and abort rollouts of its own packages, nothing else. @throws TrustTooWide */
export class SourceRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SourceRoleProps) {
    super(scope, id);
    const { installation, source, provider, api, routes, trust } = props;
    refuseWideTrust(trust);
    this.role = new Role(this, 'Role', {
      roleName: `${installation}-source-${source.name}`,
      description: `Workflows of ${source.repository} that roll out ${source.packages.join(', ')}`.slice(0, 1000),
      assumedBy: new FederatedPrincipal(provider.oidcProviderArn, trust, 'sts:AssumeRoleWithWebIdentity'),
      maxSessionDuration: Duration.hours(1),
    });
    allowCalls(this.role, { api, routes, caller: 'source', packages: source.packages });
  }
}
