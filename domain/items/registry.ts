/** The registry: which packages there are, and which environments they can run in. */
import type { Labels } from '../target.ts';
import type { Base, Time } from './base.ts';

/** What must be true before a stage starts: approvals of people, and checks that are reported from outside. */
export interface Gate {
  /** How many different identities must approve. */
  readonly approvals: number;
  /** Who may; every operator and approver role when absent. */
  readonly approvers?: {
    /** Names of roles. A session's name proves nothing: all sessions of a role are one identity. */
    readonly roles: readonly string[];
    /** `owner/name:environment`: a job that GitHub let into that environment, as its verified token says. */
    readonly githubEnvironments: readonly string[];
  };
  readonly authorMayApprove: boolean;
  /** Hours the gate stays open and an approval counts. */
  readonly hours: number;
  /** Statuses that must be `success`. */
  readonly statuses: readonly string[];
}

/** What becomes of environments whose cluster does not answer. */
export interface UnreachableRule {
  /** `fail`: counts as a failure at once. `wait` and `skip`: tried again for `minutes`, then failed or passed over. */
  readonly policy: 'wait' | 'skip' | 'fail';
  readonly minutes: number;
}

/** `queue`: every version in order. `supersede`: the newest of those that wait. `reject`: one at a time, others are refused. */
export const QUEUE_MODES = ['queue', 'supersede', 'reject'] as const;
export type QueueMode = (typeof QUEUE_MODES)[number];

/** Where helm runs: `lambda` unless the chart or the past say otherwise, or always `codebuild`. */
export const EXECUTORS = ['lambda', 'codebuild'] as const;
export type Executor = (typeof EXECUTORS)[number];

/** `auto`: it is rolled out; `plan-only`: what it would change is shown and announced; `off`: nothing happens. */
export const VALUES_ROLLOUTS = ['auto', 'plan-only', 'off'] as const;
export type ValuesRollout = (typeof VALUES_ROLLOUTS)[number];

/** A number of deployments, or a share of the stage. */
export type FailureBudget = number | `${number}%`;

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
  readonly failureBudget: FailureBudget;
  readonly gate?: Gate;
  /** The stage's deployments begin evenly over these minutes. */
  readonly spreadMinutes?: number;
  /** `fail` when absent. */
  readonly unreachable?: UnreachableRule;
}

export interface PackageItem extends Base<'package'> {
  readonly name: string;
  /** Place of the chart, without a version: `oci://host/path` and what else registry/chart-place.ts knows. */
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
  /** `queue` when absent; an environment's own mode goes before it. */
  readonly queue?: QueueMode;
  readonly executor?: Executor;
  /** Its post-install and post-upgrade hooks are short enough for a Lambda function. */
  readonly shortHooks?: boolean;
  /** What becomes of a changed layer of values; `plan-only` when absent. */
  readonly valuesRollout?: ValuesRollout;
  /** Parameters and secrets beside its own that references in its layers may name: `ssm:NAME` or `secretsmanager:ARN`, a `*` at the end stands for anything. */
  readonly references?: readonly string[];
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
  /** Goes before the package's own mode. */
  readonly queue?: QueueMode;
  readonly updatedAt: Time;
  readonly updatedBy: string;
}

/** Rises with every change of the registry that may put two releases into one place, so that such changes go one by one. */
export interface RegistryItem extends Base<'registry'> {
  readonly edition: number;
}
