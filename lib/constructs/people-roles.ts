import { Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, ArnPrincipal, CompositePrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';
import { allowDiagnosing } from './allow-diagnosing.ts';
import { allowWatching } from './allow-watching.ts';
import { allowCalls, type CallerRights } from './caller-rights.ts';
import { allowPullingCharts, allowPushingCharts } from './chart-registry.ts';
import { executionsOf, type Machine } from './machine.ts';
import { allowKeepingSecrets } from './secret-parameters.ts';
import { allowEditingValues, allowListingLayers, allowReadingValues } from './value-parameters.ts';

export interface PeopleRoleProps extends Pick<CallerRights, 'api' | 'routes'> {
  readonly config: Config;
  /** Whose executions may be watched in the Step Functions console. */
  readonly machines: readonly Machine[];
}

/** A working day. */
const SESSION = Duration.hours(12);

/** Operators keep the registry, roll out any package, edit values, push charts, and stop an execution by hand. */
export class OperatorRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { config, machines, api, routes }: PeopleRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      roleName: `${config.name}-operator`,
      description: 'Operators of Fairlead',
      assumedBy: anyOf(config.operators),
      maxSessionDuration: SESSION,
    });
    allowCalls(this.role, { api, routes, caller: 'operator' });
    allowWatching(this.role, machines);
    allowDiagnosing(this.role, config);
    allow(this.role, {
      actions: ['states:StopExecution'],
      resources: machines.map(({ stateMachine }) => executionsOf(stateMachine)),
      because: 'executions are named by ids of rollouts',
    });
    allowEditingValues(this.role, config);
    allowListingLayers(this.role);
    allowKeepingSecrets(this.role, config);
    allowPushingCharts(this.role, config);
  }
}

/** Readers see everything that carries no secret, and change nothing. */
export class ReaderRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { config, machines, api, routes }: PeopleRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      roleName: `${config.name}-reader`,
      description: 'Readers of Fairlead',
      assumedBy: anyOf(config.readers),
      maxSessionDuration: SESSION,
    });
    allowCalls(this.role, { api, routes, caller: 'reader' });
    allowWatching(this.role, machines);
    allowDiagnosing(this.role, config);
    allowReadingValues(this.role, config);
    allowListingLayers(this.role);
    allowPullingCharts(this.role, config);
  }
}

export interface ApproverRoleProps extends PeopleRoleProps {
  /** Of `approvers`: the role is `{installation}-approver-{name}`. */
  readonly approvers: Config['approvers'][number];
}

/** Approvers see what readers see, and say yes or no at gates. Of AWS they only look at what they decide about. */
export class ApproverRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { config, approvers, machines, api, routes }: ApproverRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      roleName: `${config.name}-approver-${approvers.name}`,
      description: `Approvers of Fairlead: ${approvers.name}`,
      assumedBy: anyOf(approvers.who),
      maxSessionDuration: SESSION,
    });
    allowCalls(this.role, { api, routes, caller: 'approver' });
    allowWatching(this.role, machines);
    allowDiagnosing(this.role, config);
    allowReadingValues(this.role, config);
    allowListingLayers(this.role);
    allowPullingCharts(this.role, config);
  }
}

/** Those named in `fairlead.yaml`; when none are, whoever the account's own policies let assume the role. */
function anyOf(arns: readonly string[]) {
  const principals = arns.map((arn) => new ArnPrincipal(arn));
  return principals.length === 0 ? new AccountRootPrincipal() : new CompositePrincipal(...principals);
}
