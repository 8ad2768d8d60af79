/** What the `rollout` machine can be told to do next. Every answer says because of what. */
import type { WaitReason } from '../items/waiting.ts';
import type { Outcome, OutcomeCode } from '../outcome.ts';
import type { FinalRolloutState } from '../states.ts';

/** Executions of the `deployment` machine, one for each environment. */
export interface SendOff {
  readonly stage: string;
  readonly environments: readonly string[];
  readonly maxParallel: number;
  readonly because: string;
}

export type Decision =
  | ({ readonly action: 'deploy' } & SendOff)
  /** Nothing is changed there: the releases are looked at again. */
  | ({ readonly action: 'look' } & SendOff)
  | {
      readonly action: 'wait';
      readonly on: WaitReason;
      readonly until: string;
      /** When to decide again, where that is before `until`. */
      readonly again?: string | undefined;
      /** Who or what can end it sooner. */
      readonly who: string;
      readonly because: string;
      /** The stage that waits, where one does. */
      readonly stage?: string | undefined;
      /** The rollout that is waited for in the queue. */
      readonly behind?: string | undefined;
    }
  /** These deployments come to no end of their own: record them as errored, then decide again. */
  | {
      readonly action: 'give-up';
      readonly environments: readonly string[];
      /** @default lost */
      readonly code?: OutcomeCode | undefined;
      readonly because: string;
    }
  /** What waits there is left to a newer rollout: record these deployments as skipped, then decide again. */
  | {
      readonly action: 'drop';
      readonly environments: readonly string[];
      /** The newer rollout. */
      readonly newer: string;
      readonly because: string;
    }
  | {
      readonly action: 'finish';
      readonly state: FinalRolloutState;
      readonly outcome: Outcome;
      readonly warning?: string | undefined;
      readonly because: string;
    }
  /** The history grows long: go on as a new run. */
  | { readonly action: 'continue'; readonly because: string }
  /** Somebody else acts, or nothing is left to do. */
  | { readonly action: 'stand-down'; readonly because: string };
