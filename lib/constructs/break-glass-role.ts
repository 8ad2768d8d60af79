import { Duration } from 'aws-cdk-lib';
import { type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { allowDiagnosing } from './allow-diagnosing.ts';
import { allowWatching } from './allow-watching.ts';
import { allowCalls, type CallerRights } from './caller-rights.ts';
import type { Machine } from './machine.ts';
import { StatedTrust } from './stated-trust.ts';

export interface BreakGlassRoleProps extends Pick<CallerRights, 'api' | 'routes'> {
  /** Name of the installation; the role is `{installation}-break-glass`. */
  readonly installation: string;
  /** Who may assume it: `breakGlassTrust(who)`. */
  readonly trust: readonly PolicyStatement[];
  /** Whose executions may be watched. */
  readonly machines: readonly Machine[];
  readonly alarms: Alarms;
}

/**
 * Operators' calls for an emergency, an hour at a time. Nothing of AWS beside: values, charts and executions can be changed there without a word, and this
 * role changes nothing without a reason. Its first call rings an alarm.
 */
export class BreakGlassRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BreakGlassRoleProps) {
    super(scope, id);
    const { installation, trust, machines, api, routes, alarms } = props;
    const roleName = `${installation}-break-glass`;
    this.role = new Role(this, 'Role', {
      roleName,
      description: 'Emergencies only: each use rings an alarm, and each change says why',
      assumedBy: new StatedTrust(trust),
      maxSessionDuration: Duration.hours(1),
    });
    allowCalls(this.role, { api, routes, caller: 'break-glass' });
    allowWatching(this.role, machines);
    allowDiagnosing(this.role, { name: installation });
    const calls = new MetricFilter(this, 'Calls', {
      logGroup: api.accessLog,
      metricNamespace: `Fairlead/${installation}`,
      metricName: 'BreakGlassCalls',
      // One log group and metric for each installation, so the role's whole name is enough.
      filterPattern: FilterPattern.stringValue('$.caller', '=', `*:assumed-role/${roleName}/*`),
    });
    alarms.add(this, 'Used', {
      runbook: 'break-glass',
      impact: 'Somebody uses the emergency role of Fairlead.',
      metric: calls.metric({ period: Duration.minutes(1), statistic: 'Sum' }),
    });
  }
}
