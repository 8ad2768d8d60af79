/** What the deployer's operations are handed. */
import type { Patience } from '../../domain/commit.ts';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import type { JsonMap } from '../../domain/json.ts';
import type { Kube } from '../../domain/kube.ts';
import type { Charts, Clock, Digest, Log, Objects } from '../../domain/ports.ts';
import type { Helm } from '../../domain/release/helm.ts';
import type { RecordSize, ToRecord } from '../../domain/release/record-size.ts';
import type { Releases } from '../../domain/release/release-history.ts';
import type { Table } from '../../domain/table.ts';
import type { ChartContent, ReadChart } from '../../domain/values/chart-content.ts';
import type { LayerRead } from '../../domain/values/effective.ts';
import type { ReadYaml } from '../../domain/values/feature/compute-values.ts';
import type { SecretScope, Secrets, TemplateEngine } from '../../domain/values/ports.ts';
import type { SchemaFault } from '../../domain/values/schema-fault.ts';

/** A cluster, reached as the deployer's role. */
export interface Cluster {
  readonly kube: Kube;
  readonly releases: Releases;
  readonly helm: Helm;
}

export type Reached =
  | { readonly reached: true; readonly cluster: Cluster }
  /** `never`: not until somebody changes what is configured or registered. */
  | { readonly reached: false; readonly never?: boolean; readonly because: string };

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
  readonly digest: Digest;
  readonly plans: Objects;
  readonly evidence: Objects;
  readonly charts: Charts;
  /** Of one package, decrypted, into memory only. */
  readonly secrets: (scope: SecretScope) => Secrets;
  /** `environment` names our session, where the cluster is another account's; `lookingAs` is whom its `kube` reads as, if not as us. */
  readonly reach: (cluster: ClusterPlace, environment: string, lookingAs?: string) => Promise<Reached>;
  readonly readLayer: (name: string, version: number, text: string) => LayerRead;
  /** Where the names of layers begin, to say where what is missing can be set. @default '' */
  readonly valuesPrefix?: string;
  /** What a template computed, read as helm reads values. */
  readonly readYaml: ReadYaml;
  readonly readChart: ReadChart;
  /** Of what helm is given beside the chart's own values, against the schemas of the chart and of those packed inside it. */
  readonly checkSchemas: (chart: ChartContent, values: JsonMap) => readonly SchemaFault[];
  /** Of helm's record of the release. */
  readonly recordSize: (of: ToRecord) => RecordSize;
  readonly engine: TemplateEngine;
  /** One text for one value, whatever the order of its keys (RFC 8785). */
  readonly canonical: (value: unknown) => string;
  /** Is told every secret of values that are worked out. @default nobody is */
  readonly learn?: (secrets: readonly string[]) => void;
  /** Charts whose post-hooks are not declared short are left to a build. @default they are run here */
  readonly leavesPostHooks?: boolean;
  /** For waiting between looks inside one call. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** One invocation. */
export interface Call {
  readonly requestId: string;
  /** When the invocation is certainly over. */
  readonly hardEnd: Date;
  /** The machine's number of this call within its try. */
  readonly number?: number | undefined;
  /** True where the process ends before the package's own time is over. */
  readonly cutShort?: boolean;
  /** Of a process that may be at work for long: it claims for a few minutes at a time. */
  readonly renews?: Renewing;
}

export interface Renewing {
  /** Has `renew` called each minute, until the answer is called. */
  readonly every: (renew: () => Promise<void>) => () => void;
}
