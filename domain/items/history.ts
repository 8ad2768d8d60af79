/** A rollout's append-only, gapless history. */
import type { Base, Time } from './base.ts';

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
  'approval-given',
  'approval-refused',
  'status-set',
  'freeze-overridden',
  'retry-requested',
  'quarantine-lifted',
  'superseded',
  'swept',
  'run-started',
  'stage-started',
  'deployment-begun',
  'deployment-moved',
  'deployment-deferred',
  'deployment-looked-at',
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
