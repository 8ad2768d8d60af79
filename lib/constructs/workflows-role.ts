import { Duration } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allowCalls, type CallerRights } from './caller-rights.ts';
import { type GithubTrust, githubJobs } from './stated-trust.ts';

export interface WorkflowsRoleProps extends Pick<CallerRights, 'api' | 'routes'>, GithubTrust {
  /** Name of the installation; the role is `{installation}-workflows`. */
  readonly installation: string;
  /** Name of the organisation, for the role's description. */
  readonly owner: string;
}

/**
 * The role that all repositories of an organisation share. It reaches calls about any package, and no call does anything by this role alone: the handler
 * asks each for a token of GitHub's own and for the package's registry entry. @throws TrustTooWide
 */
export class WorkflowsRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: WorkflowsRoleProps) {
    super(scope, id);
    const { installation, owner, api, routes } = props;
    this.role = new Role(this, 'Role', {
      roleName: `${installation}-workflows`,
      description: `Workflows of ${owner}: each call proves its repository by a token`,
      assumedBy: githubJobs(props),
      maxSessionDuration: Duration.hours(1),
    });
    allowCalls(this.role, { api, routes, caller: 'workflow' });
  }
}
