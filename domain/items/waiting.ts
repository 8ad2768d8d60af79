/** What a rollout waits on. */
import type { Base, Time } from './base.ts';

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
  /** The stage that waits, where one does. */
  readonly stage?: string;
  /** The rollout that is waited for in the queue. */
  readonly behind?: string;
}

/** Says that a rollout waits for a freeze to end, so that lifting one wakes it. */
export interface WaiterItem extends Base<'waiter'> {
  readonly rolloutId: string;
}

export const WAIT_REASONS = ['queue', 'gate', 'freeze', 'lease', 'soak', 'pace', 'environment'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];
