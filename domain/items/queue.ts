/** The order of a package's rollouts, and the wishes that successful ones leave behind. */
import type { Labels } from '../target.ts';
import type { Base, Time } from './base.ts';

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
  /** Those of them where a newer rollout takes its place while it waits (queue mode `supersede`). */
  readonly supersedable?: readonly string[];
  /** It brings back what was good before: that takes the place of whatever waits, whatever the mode. */
  readonly rollback?: true;
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
