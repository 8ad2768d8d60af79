/** What the `rollout` machine can be told to do next. Every answer says because of what. */
import type { WaitReason } from '../items/waiting.ts';
import type { Outcome } from '../outcome.ts';
import type { FinalRolloutState } from '../states.ts';

export type Decision =
  | {
      readonly action: 'deploy';
      readonly stage: string;
      readonly environments: readonly string[];
      readonly maxParallel: number;
      readonly because: string;
    }
  | {
      readonly action: 'wait';
      readonly on: WaitReason;
      readonly until: string;
      /** Who or what can end it sooner. */
      readonly who: string;
      readonly because: string;
      /** The stage that waits, where one does. */
      readonly stage?: string | undefined;
      /** The rollout that is waited for in the queue. */
      readonly behind?: string | undefined;
    }
  /** These deployments are lost: record them as errored, then decide again. */
  | { readonly action: 'give-up'; readonly environments: readonly string[]; readonly because: string }
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
