import { Annotations, Duration } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Source } from '../../contracts/source.ts';
import { allowCalls, type CallerRights } from './caller-rights.ts';
import { sourceWarnings } from './source-warnings.ts';
import { type GithubTrust, githubJobs } from './stated-trust.ts';

export interface SourceRoleProps extends Pick<CallerRights, 'api' | 'routes'>, GithubTrust {
  /** Name of the installation; the role is `{installation}-source-{source}`. */
  readonly installation: string;
  readonly source: Source;
}

/** The role of one repository's workflows: plan, start, follow and abort rollouts of its own packages, nothing else. @throws TrustTooWide */
export class SourceRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SourceRoleProps) {
    super(scope, id);
    const { installation, source, local, api, routes } = props;
    this.role = new Role(this, 'Role', {
      roleName: `${installation}-source-${source.name}`,
      description: `Workflows of ${source.repository} that roll out ${source.packages.join(', ')}`.slice(0, 1000),
      assumedBy: githubJobs(props),
      maxSessionDuration: Duration.hours(1),
    });
    allowCalls(this.role, { api, routes, caller: 'source', packages: source.packages });
    // On a machine of one's own there is nobody to warn of.
    for (const [name, words] of local ? [] : Object.entries(sourceWarnings(source))) {
      Annotations.of(this).addWarningV2(`fairlead:${name}`, words);
    }
  }
}
