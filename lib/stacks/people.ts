import { Construct } from 'constructs';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { Alarms } from '../constructs/alarms.ts';
import { BreakGlassRole } from '../constructs/break-glass-role.ts';
import { breakGlassTrust, breakGlassTrustForLocalAws } from '../constructs/break-glass-trust.ts';
import type { FairleadApi } from '../constructs/fairlead-api.ts';
import { githubProvider } from '../constructs/github-provider.ts';
import type { KeptBucket } from '../constructs/kept-bucket.ts';
import type { Machine } from '../constructs/machine.ts';
import { ApproverRole, OperatorRole, ReaderRole } from '../constructs/people-roles.ts';
import { SourceRole } from '../constructs/source-role.ts';
import { sourceTrust } from '../constructs/source-trust.ts';
import { WorkflowsRole } from '../constructs/workflows-role.ts';
import { workflowsTrust } from '../constructs/workflows-trust.ts';
import type { Installation } from '../installation.ts';

export interface PeopleProps {
  readonly installation: Installation;
  readonly api: FairleadApi;
  readonly machines: readonly Machine[];
  readonly alarms: Alarms;
  /** Layers of values that are too long for Parameter Store. */
  readonly values: KeptBucket;
}

/** Who may call: operators, readers and approvers, the workflows of each source, all workflows of the organisation, and whoever breaks the glass. */
export class People extends Construct {
  readonly operator: OperatorRole;
  readonly reader: ReaderRole;
  /** By their name in `fairlead.yaml`. */
  readonly approvers: ReadonlyMap<string, ApproverRole>;
  /** By the source's name. */
  readonly sources: ReadonlyMap<string, SourceRole>;
  /** Only with `selfService`. */
  readonly workflows: WorkflowsRole | undefined;
  /** Only with `breakGlass`. */
  readonly breakGlass: BreakGlassRole | undefined;

  constructor(scope: Construct, id: string, { installation, api, machines, alarms, values }: PeopleProps) {
    super(scope, id);
    const { config, local } = installation;
    const { name, sources, selfService, breakGlass } = config;
    const rights = { installation: name, api, routes: ROUTES };
    this.operator = new OperatorRole(this, 'Operator', { config, machines, ...rights });
    this.reader = new ReaderRole(this, 'Reader', { config, machines, ...rights });
    this.approvers = new Map(
      config.approvers.map((approvers) => [
        approvers.name,
        new ApproverRole(this, `Approver-${approvers.name}`, { config, approvers, machines, ...rights }),
      ]),
    );
    values.grantPut(this.operator.role, '*');
    for (const { role } of [this.operator, this.reader, ...this.approvers.values()]) values.grantGetVersion(role, '*');
    const github = { provider: githubProvider(this, config), local, ...rights };
    this.sources = new Map(
      sources.map((source) => [
        source.name,
        new SourceRole(this, `Source-${source.name}`, { source, trust: sourceTrust(source), ...github }),
      ]),
    );
    this.workflows =
      selfService &&
      new WorkflowsRole(this, 'Workflows', {
        owner: selfService.owner,
        trust: workflowsTrust(selfService),
        ...github,
      });
    const trustOf = local ? breakGlassTrustForLocalAws : breakGlassTrust;
    this.breakGlass =
      breakGlass &&
      new BreakGlassRole(this, 'BreakGlass', { trust: trustOf(breakGlass.who), machines, alarms, ...rights });
  }
}
