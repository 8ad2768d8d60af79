/** What an inspection sees, before anything is made of it: ports that look and change nothing. */
import type { Described } from '../aws-auth/choose-way.ts';
import type { ClusterPlace } from '../items/registry.ts';
import type { Kube, KubeAnswer } from '../kube.ts';

/** How far one gets on the way to an API server. */
export type WaySeen =
  | { readonly is: 'open' /** When its certificate ends. */; readonly certificateEnds: Date }
  /** The network: the name has no address, nobody listens, nothing comes back, or something else. */
  | { readonly is: 'no-name' | 'refused' | 'silent' | 'broken'; readonly because: string }
  /** The certificate: signed by another authority, for another name, over, not begun, or no TLS at all. */
  | { readonly is: 'untrusted' | 'other-name' | 'expired' | 'not-yet-valid' | 'no-tls'; readonly because: string };

/** Whom a cluster takes a caller for. */
export interface ClusterUser {
  readonly username: string;
  readonly groups: readonly string[];
}

/** A kind's place in the API: what access reviews speak of. */
export interface KindPlace {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural, as it stands in paths. */
  readonly resource: string;
  readonly namespaced: boolean;
}

export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** One cluster, as an inspection looks at it. */
export interface ClusterSight {
  /** https URL of its API server. */
  readonly server: string;
  /** By name, socket and TLS alone; nothing is asked of the API. */
  way(): Promise<WaySeen>;
  whoAmI(): Promise<KubeAnswer<ClusterUser>>;
  get: Kube['get'];
  placeOf(apiVersion: string, kind: string): Promise<KubeAnswer<KindPlace>>;
  /** Asks the cluster's own authoriser; `actAs` asks as that user. */
  may(right: Right, actAs?: string): Promise<KubeAnswer<boolean>>;
  /** Ends sockets that are kept alive. */
  close(): void;
}

export type Located =
  | { readonly found: true; readonly sight: ClusterSight }
  | { readonly found: false; readonly because: string };

/** What EKS says of a cluster, as far as the deployer may ask. */
export type DescribeCluster = (
  cluster: ClusterPlace,
) => Promise<Described & { /** Its endpoint has no public address. */ readonly isPrivate?: boolean }>;

export interface RenderedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Where the chart puts it; kinds without namespaces have one here, too. */
  readonly namespace?: string | undefined;
}

/** The newest version of a chart, by semantic versioning. */
export type NewestChart =
  | { readonly found: true; readonly version: string }
  | { readonly found: false; readonly code: 'chart-not-found' | 'unreachable'; readonly because: string };

/** helm, without a cluster. */
export interface HelmSight {
  version(): Promise<
    { readonly ok: true; readonly version: string } | { readonly ok: false; readonly because: string }
  >;
  /** Each kind that the chart renders with its defaults, per namespace, once. */
  kinds(
    archive: Uint8Array,
    release: { readonly namespace: string; readonly release: string },
  ): Promise<
    { readonly ok: true; readonly kinds: readonly RenderedKind[] } | { readonly ok: false; readonly because: string }
  >;
}
