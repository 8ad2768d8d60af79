import type { AskValues } from '../../contracts/api/effective.ts';
import type { FreezeView } from '../../contracts/freeze-view.ts';
import type { Inspect } from '../../contracts/inspection.ts';
import type { ReadRevisions } from '../../contracts/revisions.ts';
import type { SelfService } from '../../domain/callers/claim-rules.ts';
import type { SourceSettings } from '../../domain/callers/source-rights.ts';
import type { Patience } from '../../domain/commit.ts';
import type { FasitSettings } from '../../domain/fasit/may-assign.ts';
import type { StageRequest } from '../../domain/items/registry.ts';
import type { Calendar, Clock, Log, Objects, VerifyToken } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';
import type { LayerRules } from '../../domain/values/layers/layer-names.ts';
import type { KeepSecret } from '../../domain/values/ports.ts';

/** What is configured of this installation, as far as answers depend on it. */
export interface Installation {
  /** `{name}-`. */
  readonly rolePrefix: string;
  readonly account: string;
  readonly region: string;
  /** `oci://host/path`; a package's chart stands below it by its name. */
  readonly chartRegistry: string;
  readonly rolloutMachineArn: string;
  /** Where layers of values are. */
  readonly values: LayerRules & { readonly bucket: string };
  readonly promotionOrder?: readonly StageRequest[] | undefined;
  readonly deployers: readonly string[];
  /** Other accounts whose clusters deployers reach through a role there; elsewhere they come as themselves. */
  readonly clusterAccounts: readonly string[];
  /** Who may roll out with fasit-deploy; nobody when absent. */
  readonly fasitDeploy?: FasitSettings | undefined;
}

/** Everything that answering depends on. */
export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly calendar: Calendar;
  /** A fresh ULID. */
  readonly newId: () => string;
  readonly evidence: Pick<Objects, 'get'>;
  /** What plans come to. */
  readonly plans: Pick<Objects, 'get'>;
  /** Settings of a source, by its name; undefined when there is no such source. */
  readonly sourceSettings: (source: string) => Promise<SourceSettings | undefined>;
  /** Which repositories may serve themselves; undefined when none may. */
  readonly selfService: () => Promise<SelfService | undefined>;
  /** Of GitHub's tokens for audience `fairlead`. */
  readonly verifyToken: VerifyToken;
  /** Has a deployer look at a cluster. */
  readonly inspect: Inspect;
  /** Has a deployer read what helm remembers of a release. */
  readonly readRevisions: ReadRevisions;
  /** Has the planner freeze what one environment would be rolled out with. */
  readonly freezeView: FreezeView;
  /** Has a deployer work out what values come to. */
  readonly askValues: AskValues;
  /** Keeps a secret of an environment. */
  readonly keepSecret: KeepSecret;
  /** Waits; passed in so that tests do not. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Calls for events that this process holds at the same time, at most. */
  readonly mostWaiting: number;
  readonly log: Log;
  readonly installation: Installation;
}
