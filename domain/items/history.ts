/** A rollout's append-only, gapless history. */
import type { Base, Time } from './base.ts';

/** Counts a rollout's events in the transaction that adds one. */
export interface EventsItem extends Base<'events'> {
  readonly last: number;
}

/** How many deployments of a stage have ended badly. Written only by those that do; whoever begins holds on to what it saw. */
export interface FailuresItem extends Base<'failures'> {
  readonly rolloutId: string;
  readonly stage: string;
  readonly count: number;
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

/**
 * An event of one deployment that has no number yet. Siblings at work would contend for the counter, so each tells its own
 * news, in its own order, and whoever looks at the history numbers what is there (`number-news.ts`).
 */
export interface NewsItem extends Base<'news'> {
  readonly rolloutId: string;
  /** Rises with each of the deployment. */
  readonly order: number;
  readonly at: Time;
  readonly kind: EventKind;
  readonly text: string;
  readonly stage: string;
  readonly environment: string;
  readonly state?: string;
  readonly by: string;
}

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
