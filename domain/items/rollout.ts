/** One rollout: who asked for it, what was asked for, how far it is. */
import type { Outcome } from '../outcome.ts';
import type { RolloutState } from '../states.ts';
import type { Labels } from '../target.ts';
import type { Base, Time } from './base.ts';
import type { StageRequest } from './registry.ts';

/** Who called, as AWS proved it, and what GitHub's token proved of the job behind it. */
export interface Principal {
  /** `token` for callers that GitHub's token alone admits. */
  readonly role: string;
  readonly session: string;
  readonly account: string;
  /** Only of a token whose signature we checked ourselves. */
  readonly claims?: VerifiedClaims;
  /** Why somebody used the emergency role. */
  readonly breakGlass?: string;
}

/** What a verified GitHub token says (https://docs.github.com/en/actions/reference/security/oidc). */
export interface VerifiedClaims {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly owner: string;
  readonly ownerId: string;
  readonly ref: string;
  /** Whether rules protect the ref, so that what stands there was reviewed. */
  readonly refProtected: boolean;
  readonly sha: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly actor: string;
  readonly event: string;
  readonly jobWorkflowRef: string;
  readonly environment?: string;
}

/** What a caller says of itself. It decides nothing. */
export interface Claimed {
  readonly repository?: string;
  readonly ref?: string;
  readonly sha?: string;
  readonly runId?: string;
  readonly actor?: string;
}

export interface PlannedStage extends Omit<StageRequest, 'targets' | 'failureBudget'> {
  readonly targets: readonly Labels[];
  /** A count: shares are worked out when the stage's size is known. */
  readonly failureBudget: number;
  /** How many environments belong to it. */
  readonly size: number;
}

/** What is known of a stage besides its deployments. */
export interface StageRecord {
  /** Since when its gate is waited for. */
  readonly gateSince?: Time;
  /** When its first deployment was sent off. */
  readonly begunAt?: Time;
}

/** Why freezes do not hold this rollout up. Every view says so. */
export interface Override {
  /** The role that may: only freezes that name it are passed. */
  readonly role: string;
  readonly by: string;
  readonly reason: string;
  readonly at: Time;
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
  /** When it got its place in the queue; `createdAt` when absent. */
  readonly placedAt?: Time;
  /** A rollback brings back inputs of before, which hold: what it replaces is quarantined. */
  readonly rollback?: RollbackRequest;
  /** It brings changed layers of values to where they are used, at the versions that stand there. */
  readonly valuesChange?: ValuesChange;
  /** The plan that it was asked to carry out: other inputs are refused. */
  readonly planned?: PlanNamed;
  /** How often it was retried. */
  readonly retries?: number;
  readonly override?: Override;
  /** The newer rollout that took its place. */
  readonly supersededBy?: string;
  readonly stages?: Readonly<Record<string, StageRecord>>;
  /** It ended while deployments were under way: the sweeper sees to their end. */
  readonly unsettled?: true;
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

/** A layer of values at the version that somebody made. */
export interface ChangedParameter {
  /** The parameter's name. */
  readonly name: string;
  /** Absent when it was deleted. */
  readonly version?: number;
  /** ARN of who changed it, as Parameter Store tells; `unknown` when it does not. */
  readonly by: string;
  readonly at: Time;
}

/** Why a rollout was started by itself. */
export interface ValuesChange {
  readonly changed: readonly ChangedParameter[];
  /** Where a changed layer is used. */
  readonly environments: readonly string[];
}

/** A plan by its id and the digest of its inputs (rollout/plan-digest.ts). */
export interface PlanNamed {
  readonly id: string;
  readonly digest: string;
}

/** What a rollback goes back to, in each environment that it matches. */
export interface RollbackRequest {
  /** A version that was good there, or the last good inputs before those that stand there. */
  readonly to: { readonly version: string } | 'last-good';
  readonly reason: string;
  readonly by: string;
}

/** What was asked for, as it was parsed. */
export interface RequestItem extends Base<'request'> {
  readonly rolloutId: string;
  readonly version: string;
  readonly stages: readonly StageRequest[];
  /** Stages whose gates these keep (rollout/keep-gates.ts): planning looks at the registry again. */
  readonly guards?: readonly (readonly StageRequest[])[];
  /** The rollout's own values, the strongest layer. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface IdempotencyItem extends Base<'idempotency'> {
  readonly bodyHash: string;
  readonly rolloutId: string;
  /** Unix seconds; DynamoDB's time to live removes it. */
  readonly expiresAt: number;
}
