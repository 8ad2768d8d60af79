/** The registry: which packages there are, and which environments they can run in. */
import type { Labels } from '../target.ts';
import type { Base, Time } from './base.ts';

/** A stage as it is asked for; a planned stage knows its size. */
export interface StageRequest {
  readonly name: string;
  /** An environment belongs to the first stage that matches it. */
  readonly targets: readonly Labels[];
  /** Minutes the stage must have stood well before what follows may start. */
  readonly soakMinutes: number;
  /** Deployments at once, 1–40 (inline Map's limit). */
  readonly maxParallel: number;
  /** How many deployments of the stage may end badly before the line stops. */
  readonly failureBudget: number;
}

export interface PackageItem extends Base<'package'> {
  readonly name: string;
  /** `oci://host/path` of the chart, without a version. */
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  /** `owner/name` of the repositories that may roll it out. */
  readonly repositories: readonly string[];
  readonly stages?: readonly StageRequest[];
  /** How long a release may take until it is ready. */
  readonly timeoutMinutes: number;
  readonly forceConflicts: boolean;
  /** Service account of the package's namespace that helm acts as, so that Kubernetes' own rules decide what it may do. */
  readonly team?: string;
  /** `platform` packages act as Fairlead's platform account, which equals cluster-admin; only operators register them. */
  readonly profile?: Profile;
  /** The repository whose reviewed file keeps this entry; absent when operators do. */
  readonly claimedBy?: ClaimedBy;
  readonly updatedAt: Time;
  readonly updatedBy: string;
}

/** Rights in the cluster that a package is rolled out with. */
export const PROFILES = ['namespaced', 'platform'] as const;
export type Profile = (typeof PROFILES)[number];

export interface ClaimedBy {
  readonly repository: string;
  /** GitHub's number: a repository of the same name made later has another one. */
  readonly repositoryId: string;
  readonly ref: string;
  readonly sha: string;
}

export interface ClusterPlace {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** https URL of the API server; asked of EKS when absent. */
  readonly endpoint?: string;
  /** Base64 of the PEM bundle that signs the API server's certificate. */
  readonly ca?: string;
}

export interface EnvironmentItem extends Base<'environment'> {
  readonly name: string;
  readonly cluster: ClusterPlace;
  readonly labels: Labels;
  readonly kind?: string;
  readonly tenant?: string;
  /** Joined to a package's namespace with `-`, so that environments can share a cluster. */
  readonly namespaceSuffix?: string;
  /** Name of a deployer of `fairlead.yaml`. */
  readonly deployer: string;
  readonly updatedAt: Time;
  readonly updatedBy: string;
}

/** Rises with every change of the registry that may put two releases into one place, so that such changes go one by one. */
export interface RegistryItem extends Base<'registry'> {
  readonly edition: number;
}
