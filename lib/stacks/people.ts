import { Construct } from 'constructs';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { FairleadApi } from '../constructs/fairlead-api.ts';
import { githubProvider } from '../constructs/github-provider.ts';
import type { Machine } from '../constructs/machine.ts';
import { OperatorRole, ReaderRole } from '../constructs/people-roles.ts';
import { SourceRole } from '../constructs/source-role.ts';
import { sourceTrust, sourceTrustForLocalAws } from '../constructs/source-trust.ts';
import type { Installation } from '../installation.ts';

export interface PeopleProps {
  readonly installation: Installation;
  readonly api: FairleadApi;
  readonly machines: readonly Machine[];
}

/** Who may call: the workflows of each source, operators and readers. */
export class People extends Construct {
  readonly operator: OperatorRole;
  readonly reader: ReaderRole;
  /** By the source's name. */
  readonly sources: ReadonlyMap<string, SourceRole>;

  constructor(scope: Construct, id: string, { installation, api, machines }: PeopleProps) {
    super(scope, id);
    const { config, local } = installation;
    const rights = { api, routes: ROUTES };
    this.operator = new OperatorRole(this, 'Operator', { config, machines, ...rights });
    this.reader = new ReaderRole(this, 'Reader', { config, machines, ...rights });
    const provider = githubProvider(this, config);
    this.sources = new Map(
      config.sources.map((source) => [
        source.name,
        new SourceRole(this, `Source-${source.name}`, {
          installation: config.name,
          source,
          provider,
          trust: local ? sourceTrustForLocalAws(source) : sourceTrust(source),
          ...rights,
        }),
      ]),
    );
  }
}
