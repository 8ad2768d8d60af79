/**
 * Everything Fairlead remembers, one interface per row of its table. Each item has its `type`, the version `v`
 * of its shape and a revision `rev` that rises by one with every write: a write names the revision it
 * replaces, so a writer who has seen something older than the truth is told so.
 */
import type { Outcome } from './outcome.ts';
import type { DeploymentState, RolloutState } from './states.ts';
import type { Labels } from './target.ts';

interface Base<T extends string> {
  readonly type: T;
  readonly v: 1;
  readonly rev: number;
}

/** Times are ISO 8601 in UTC. */
export type Time = string;

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
  readonly updatedAt: Time;
  readonly updatedBy: string;
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

/** Gives every rollout of a package its place in line. */
export interface CounterItem extends Base<'counter'> {
  readonly last: number;
}

/** A rollout's place in its package's queue; without `environments` it is not planned yet. */
export interface OpenItem extends Base<'open'> {
  readonly rolloutId: string;
  readonly package: string;
  readonly sequence: number;
  readonly environments?: readonly string[];
}

/** The standing wish that a successful rollout leaves behind, one a target. */
export interface AssignmentItem extends Base<'assignment'> {
  readonly package: string;
  readonly target: Labels;
  readonly rolloutId: string;
  readonly sequence: number;
  readonly version: string;
  readonly inputsDigest: string;
  readonly at: Time;
}

/** Who called, as AWS proved it. */
export interface Principal {
  readonly role: string;
  readonly session: string;
  readonly account: string;
}

/** What a caller says of itself. It decides nothing. */
export interface Claimed {
  readonly repository?: string;
  readonly ref?: string;
  readonly sha?: string;
  readonly runId?: string;
  readonly actor?: string;
}

export interface PlannedStage extends Omit<StageRequest, 'targets'> {
  readonly targets: readonly Labels[];
  /** How many environments belong to it. */
  readonly size: number;
}

export interface RolloutItem extends Base<'rollout'> {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly description?: string;
  readonly sequence: number;
  /** Only the execution of this run may act. */
  readonly run: number;
  readonly state: RolloutState;
  readonly outcome?: Outcome;
  readonly warning?: string;
  readonly principal: Principal;
  readonly claimed: Claimed;
  readonly createdAt: Time;
  readonly finishedAt?: Time;
  readonly abort?: { readonly by: string; readonly reason: string; readonly at: Time };
  readonly plan?: {
    readonly key: string;
    readonly digest: string;
    readonly chartDigest: string;
    readonly stages: readonly PlannedStage[];
    readonly at: Time;
  };
}

/** A wish for a fresh execution of the `rollout` machine, named `{rollout id}-{run}`. */
export interface RunItem extends Base<'run'> {
  readonly rolloutId: string;
  readonly package: string;
  readonly run: number;
  readonly at: Time;
  readonly because: string;
}

/** What was asked for, as it was parsed. */
export interface RequestItem extends Base<'request'> {
  readonly rolloutId: string;
  readonly version: string;
  readonly stages: readonly StageRequest[];
  /** The rollout's own values, the strongest layer. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** One frozen layer of values. */
export interface FrozenLayer {
  /** The parameter's name. */
  readonly name: string;
  readonly version: number;
  /** Keyed digest of its bytes. */
  readonly digest: string;
  /** Key of the copy in the plans bucket. */
  readonly copy: string;
}

/** What a deployment is made of. */
export interface Inputs {
  readonly chart: string;
  readonly version: string;
  /** `sha256:…` of the chart's OCI manifest, which names the archive by digest. */
  readonly chartDigest: string;
  readonly layers: readonly FrozenLayer[];
  /** Keyed digest of chart digest, layers and the rollout's own values. */
  readonly digest: string;
}

/** The one place in the world that a release has. */
export interface Place {
  readonly cluster: ClusterPlace;
  readonly namespace: string;
  readonly release: string;
}

export interface DeploymentItem extends Base<'deployment'> {
  readonly rolloutId: string;
  readonly package: string;
  readonly environment: string;
  readonly stage: string;
  readonly sequence: number;
  readonly state: DeploymentState;
  readonly place: Place;
  readonly deployer: string;
  readonly inputs: Inputs;
  readonly timeoutMinutes: number;
  readonly forceConflicts: boolean;
  /** Raised each time an execution is about to start; names it. */
  readonly attempt: number;
  /** The last attempt that reached *Begin*. */
  readonly begun: number;
  /** Attempts in a row that never reached *Begin*. */
  readonly lost: number;
  /** From *Begin* back to `pending`: not before this. */
  readonly deferred?: { readonly on: 'lease' | 'freeze'; readonly until: Time; readonly because: string };
  readonly startedAt?: Time;
  /** When the whole deployment, rollback included, must be over. */
  readonly deadline?: Time;
  /** When the release must be ready; set when helm has applied it. */
  readonly observeUntil?: Time;
  /** helm revision that this deployment made. */
  readonly revision?: number;
  /** Keyed digest of the merged values. */
  readonly effectiveDigest?: string;
  readonly finishedAt?: Time;
  readonly outcome?: Outcome;
  /** Key of the evidence in the evidence bucket. */
  readonly evidence?: string;
}

/** Who waits, on what, and the task token that ends the wait. */
export interface WaitItem extends Base<'wait'> {
  readonly rolloutId: string;
  readonly package: string;
  readonly run: number;
  readonly round: number;
  readonly token: string;
  /** `rev` of the rollout when the wait was stored: only a later one wakes. */
  readonly rolloutRev: number;
  readonly on: WaitReason;
  readonly since: Time;
  readonly until: Time;
  readonly who: string;
  readonly because: string;
}

export const WAIT_REASONS = ['queue', 'gate', 'freeze', 'lease', 'soak', 'environment'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** Counts a rollout's events, and its failures per stage, in the transaction that adds either. */
export interface EventsItem extends Base<'events'> {
  readonly last: number;
  readonly failures: Readonly<Record<string, number>>;
}

export const EVENT_KINDS = [
  'rollout-accepted',
  'rollout-planned',
  'rollout-waiting',
  'rollout-finished',
  'abort-requested',
  'run-started',
  'stage-started',
  'deployment-begun',
  'deployment-deferred',
  'deployment-applied',
  'evidence-kept',
  'roll-back-started',
  'deployment-finished',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface EventItem extends Base<'event'> {
  readonly rolloutId: string;
  readonly number: number;
  readonly at: Time;
  readonly kind: EventKind;
  /** One sentence, or up to ten lines of evidence. */
  readonly text: string;
  readonly stage?: string;
  readonly environment?: string;
  readonly state?: string;
  /** Who did it: `fairlead`, or a principal's `role/session`. */
  readonly by: string;
}

/** What runs in one environment. */
export interface ReleaseItem extends Base<'release'> {
  readonly package: string;
  readonly environment: string;
  readonly highestSequence: number;
  /** The rollout whose inputs stand there now. */
  readonly rolloutId?: string;
  readonly version?: string;
  readonly chartDigest?: string;
  readonly inputsDigest?: string;
  readonly effectiveDigest?: string;
  /** The last helm revision that we saw healthy. */
  readonly goodRevision?: number;
  readonly liveRevision?: number;
  readonly state: 'deployed' | 'deploying' | 'failed' | 'absent';
  readonly because: string;
  readonly at: Time;
}

export interface HoldItem extends Base<'hold'> {
  readonly package: string;
  readonly environment: string;
  readonly reason: string;
  readonly by: string;
  readonly at: Time;
  readonly kind: 'hold' | 'disabled' | 'failed-rollback';
}

export interface QuarantineItem extends Base<'quarantine'> {
  readonly package: string;
  readonly environment: string;
  readonly inputsDigest: string;
  readonly rolloutId: string;
  readonly because: string;
  readonly at: Time;
}

/** The exclusive right to touch one release. Freed by clearing, never deleted, so that fences only rise. */
export interface LeaseItem extends Base<'lease'> {
  readonly cluster: string;
  readonly namespace: string;
  readonly release: string;
  readonly fence: number;
  readonly holder?: {
    readonly rolloutId: string;
    readonly environment: string;
    readonly attempt: number;
    readonly deadline: Time;
  };
  readonly operation?: Operation;
}

/** One invocation's claim to change the release, written before it does. */
export interface Operation {
  readonly requestId: string;
  readonly kind: 'apply' | 'roll-back' | 'uninstall' | 'repair';
  /** The revision helm will make, by what it had seen. */
  readonly expectedRevision: number;
  /** The fence that the claim raised; what helm makes is labelled with it. */
  readonly fence?: number;
  /** When the claiming process is certainly over. */
  readonly hardEnd: Time;
  /** Set when the process reported its end itself. */
  readonly overAt?: Time;
}

export interface IdempotencyItem extends Base<'idempotency'> {
  readonly bodyHash: string;
  readonly rolloutId: string;
  /** Unix seconds; DynamoDB's time to live removes it. */
  readonly expiresAt: number;
}

/** Rises with every change of the registry that may put two releases into one place, so that such changes go one by one. */
export interface RegistryItem extends Base<'registry'> {
  readonly edition: number;
}

export interface Items {
  registry: RegistryItem;
  package: PackageItem;
  environment: EnvironmentItem;
  counter: CounterItem;
  open: OpenItem;
  assignment: AssignmentItem;
  rollout: RolloutItem;
  run: RunItem;
  request: RequestItem;
  deployment: DeploymentItem;
  wait: WaitItem;
  events: EventsItem;
  event: EventItem;
  release: ReleaseItem;
  hold: HoldItem;
  quarantine: QuarantineItem;
  lease: LeaseItem;
  idempotency: IdempotencyItem;
}
export type ItemType = keyof Items;
export type Item = Items[ItemType];
