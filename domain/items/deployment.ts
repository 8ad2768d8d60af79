/** One deployment: one package version into one environment, within one rollout. */
import type { Outcome } from '../outcome.ts';
import type { DeploymentState } from '../states.ts';
import type { Labels } from '../target.ts';
import type { Base, Time } from './base.ts';
import type { ClusterPlace, Executor, QueueMode } from './registry.ts';

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

/** One frozen layer of secrets: only the deployer ever reads it, and there is no copy. */
export interface FrozenSecretLayer {
  readonly name: string;
  readonly version: number;
  /** Keyed digest of its ciphertext. */
  readonly digest: string;
  /** How many of the other layers are weaker. */
  readonly after: number;
}

/** What a deployment is made of. */
export interface Inputs {
  readonly chart: string;
  readonly version: string;
  /** `sha256:…` of the chart's OCI manifest, which names the archive by digest. */
  readonly chartDigest: string;
  readonly layers: readonly FrozenLayer[];
  /** None when absent. */
  readonly secretLayers?: readonly FrozenSecretLayer[];
  /** Of charts with a `Feature.yaml`: what its templates may know (domain/values/feature/facts.ts), a copy in the plans bucket. */
  readonly facts?: { readonly digest: string; readonly copy: string };
  /** Keyed digest of chart digest, layers and the rollout's own values. */
  readonly digest: string;
  /** The rollout whose request holds the values of its own, where that is another one (rollbacks). */
  readonly valuesOf?: string;
}

/** The one place in the world that a release has. */
export interface Place {
  readonly cluster: ClusterPlace;
  readonly namespace: string;
  readonly release: string;
}

/** Why a deployment goes back to `pending`. */
export const DEFER_REASONS = ['lease', 'freeze', 'environment'] as const;
export type DeferReason = (typeof DEFER_REASONS)[number];

export interface DeploymentItem extends Base<'deployment'> {
  readonly rolloutId: string;
  readonly package: string;
  readonly environment: string;
  readonly stage: string;
  readonly sequence: number;
  readonly state: DeploymentState;
  readonly place: Place;
  readonly deployer: string;
  /** Of the environment, as they were when the rollout was planned: freezes go by them. */
  readonly labels?: Labels;
  /** `queue` when absent. */
  readonly queue?: QueueMode;
  /** Where the package wants helm to run; decided at *Begin* when absent. */
  readonly executor?: Executor;
  readonly shortHooks?: boolean;
  /** `system:serviceaccount:NAMESPACE:NAME` that helm acts as; the deployer itself when absent. */
  readonly actAs?: string;
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
  readonly deferred?: { readonly on: DeferReason; readonly until: Time; readonly because: string };
  /** Since when its cluster does not answer, while it is tried again. */
  readonly unreachableSince?: Time;
  /** helm began here in a try that was put off since, so that the release may have been changed. */
  readonly touched?: true;
  /** When it was last looked at during its stage's soak. */
  readonly lookedAt?: Time;
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
