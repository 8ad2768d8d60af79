/** What people and checks said about a stage, and when nothing may start at all. */
import type { Labels } from '../target.ts';
import type { Base, Time } from './base.ts';

/** One identity's word on one stage of one plan. */
export interface ApprovalItem extends Base<'approval'> {
  readonly rolloutId: string;
  readonly stage: string;
  /** What AWS or GitHub proved, e.g. `role/fairlead-operator` or `github/acme/webui:production`. */
  readonly identity: string;
  /** The role by whose session it came. */
  readonly role: string;
  /** Why the emergency role was used for it. */
  readonly breakGlass?: string;
  readonly decision: 'approve' | 'refuse';
  readonly reason?: string;
  /** The name that people know. */
  readonly by: string;
  /** Of the plan that was approved: it says nothing of another one. */
  readonly planDigest: string;
  readonly at: Time;
  /** Counts until then. */
  readonly until: Time;
}

/** A check's result, set from outside. */
export interface StatusItem extends Base<'status'> {
  readonly rolloutId: string;
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure';
  readonly description?: string;
  readonly url?: string;
  readonly by: string;
  readonly planDigest: string;
  readonly at: Time;
}

/** When a freeze holds. */
export type FreezeWindow =
  | { readonly is: 'once'; readonly from: Time; readonly to: Time }
  | {
      readonly is: 'recurring';
      /** RFC 5545 recurrence rule, without DTSTART. */
      readonly rule: string;
      /** First start, local time of `timeZone`: `2026-11-20T16:00:00`. */
      readonly start: string;
      /** IANA name, such as `Europe/Oslo`. */
      readonly timeZone: string;
      /** ISO 8601 duration by the clock on the wall, such as `P2DT16H`. */
      readonly duration: string;
    }
  /** Until somebody lifts it. */
  | { readonly is: 'until-lifted' };

/** A time in which matching deployments do not start. The one that stops everything is named `stop`. */
export interface FreezeItem extends Base<'freeze'> {
  readonly name: string;
  readonly window: FreezeWindow;
  /** Environments with all of these labels. */
  readonly target: Labels;
  /** Every package when absent. */
  readonly packages?: readonly string[];
  readonly reason: string;
  /** Names of the roles that may override it. */
  readonly overridableBy: readonly string[];
  readonly by: string;
  readonly at: Time;
}
