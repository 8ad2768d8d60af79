/** What a plan comes to, over all its environments: groups of those that change alike, values, problems. */
import type { DiffState, PlanProblem, RecordSize, ValueChange } from './environment-diff.ts';

/** One thing that changes, in words for people: `Deployment webui` and `image 1.4.1 → 1.4.2`. */
export interface ChangeLine {
  /** `Deployment webui`, or of what many objects have in common, `12 objects`. */
  readonly object: string;
  readonly text: string;
  readonly change: 'create' | 'update' | 'delete' | 'leave';
}

/** Environments of one state that change alike. */
export interface DiffGroup {
  readonly state: DiffState;
  /** All of them, by name. */
  readonly environments: readonly string[];
  /** What changes in each of them. */
  readonly lines: readonly ChangeLine[];
  /** What changes in some of them beyond that; each environment is in one of these at most. */
  readonly also: readonly { readonly environments: readonly string[]; readonly lines: readonly ChangeLine[] }[];
}

export interface EnvironmentSummary {
  readonly environment: string;
  readonly stage: string;
  readonly state: DiffState;
  readonly because: string;
  readonly deployed?: { readonly version: string; readonly revision: number };
  /** How many objects would change. */
  readonly objects: number;
  readonly size?: RecordSize;
}

export interface GroupedProblem extends PlanProblem {
  readonly environments: readonly string[];
}

export interface GroupedValue extends ValueChange {
  readonly environments: readonly string[];
}

export interface PlanResult {
  readonly v: 1;
  readonly planId: string;
  readonly package: string;
  readonly version: string;
  /** Keyed digest of the plan's inputs, which a rollout can name. */
  readonly digest: string;
  /** In the order of their names. */
  readonly environments: readonly EnvironmentSummary[];
  /** What changes nothing comes first, then the groups with the most environments. */
  readonly groups: readonly DiffGroup[];
  readonly values: readonly GroupedValue[];
  /** Those that block come first. */
  readonly problems: readonly GroupedProblem[];
  /** Hooks that would run somewhere. */
  readonly hooks: readonly string[];
  /** Environments that the targets match and the chart's `Feature.yaml` leaves out. */
  readonly leftOut: readonly { readonly environment: string; readonly because: string }[];
}
