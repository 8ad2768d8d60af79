/** Values that live with an environment, changed layers that are gathered, and plans that start nothing. */
import type { OutcomeCode } from '../outcome.ts';
import type { Base, Time } from './base.ts';
import type { StageRequest } from './registry.ts';
import type { ChangedParameter, Principal, ValuesChange } from './rollout.ts';

/** One value of an environment, for templates of `Feature.yaml`. */
export interface EnvironmentValueItem extends Base<'environmentValue'> {
  readonly environment: string;
  readonly key: string;
  /** Any JSON; absent when it is a secret. */
  readonly value?: unknown;
  /** The SecureString parameter that holds it. */
  readonly secret?: { readonly parameter: string; readonly version: number };
  readonly updatedAt: Time;
  readonly updatedBy: string;
}

/** What the templates of one version of a package's chart read, found when it was planned. They are not run for it. */
export interface ChartReadsItem extends Base<'chartReads'> {
  readonly package: string;
  readonly version: string;
  /** The archive they were read from. */
  readonly chartDigest: string;
  readonly reads: readonly {
    /** Of the value that the template computes. */
    readonly key: string;
    /** As `ParsedTemplate` has them; one empty path where the template cannot be parsed. */
    readonly paths: readonly (readonly string[])[];
  }[];
  /** Unix seconds; DynamoDB's time to live removes it. */
  readonly expiresAt: number;
}

/** Changed layers of one package, gathered until it has been quiet for a while. */
export interface ChangeItem extends Base<'change'> {
  readonly package: string;
  /** Each parameter once, as it was changed last. */
  readonly changed: readonly ChangedParameter[];
  /** What was carried out before, each parameter as it was then: the sweep does not find it again, whatever became of it. */
  readonly done?: readonly ChangedParameter[];
  /** The rollout that brought what was changed before. */
  readonly after?: string;
  readonly since: Time;
  readonly last: Time;
  /** `gathering` until it is quiet; `announced` with a plan; `started` with a rollout; `ended` when there was nothing to do. */
  readonly state: 'gathering' | 'announced' | 'started' | 'ended';
  readonly planId?: string;
  readonly rolloutId?: string;
  readonly because: string;
}

export const PLAN_STATES = ['working', 'ready', 'refused', 'errored'] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** What a rollout would do, worked out without starting one. */
export interface PlanItem extends Base<'plan'> {
  /** ULID. */
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly state: PlanState;
  /** Why it was refused. */
  readonly code?: OutcomeCode;
  readonly because: string;
  readonly stages: readonly StageRequest[];
  /** The values that the rollout would bring. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Planned because layers were changed. */
  readonly valuesChange?: ValuesChange;
  readonly principal: Principal;
  readonly at: Time;
  readonly finishedAt?: Time;
  /** Of its inputs (rollout/plan-digest.ts). */
  readonly digest?: string;
  readonly environments?: number;
  /** How many of them would change. */
  readonly changed?: number;
  /** Unix seconds; DynamoDB's time to live removes it. */
  readonly expiresAt: number;
}
