/** What a plan would change in one environment: which objects and fields, which values, and what would go wrong. */
import type { OutcomeCode } from '../outcome.ts';

/** A value as people may see it: of a secret there is only a keyed digest. */
export interface Shown {
  readonly value?: unknown;
  readonly secret?: true;
  /** `hmac-sha256:` and 64 hex digits. */
  readonly digest?: string;
}

/** Absent where there was, or will be, nothing. */
interface FromTo {
  readonly from?: Shown;
  readonly to?: Shown;
}

export interface FieldChange extends FromTo {
  /** `spec.template.spec.containers[name=web].image`; a dot inside a key is written `\.`. */
  readonly path: string;
  /** Of a long text, in place of both: the lines that change, as `diff -u` shows them. */
  readonly lines?: readonly string[];
}

export interface ObjectChange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** None for the release's own namespace, and for kinds that have none. */
  readonly namespace?: string;
  /** `leave`: it leaves the release, and stays in the cluster, as its annotation `helm.sh/resource-policy: keep` says. */
  readonly change: 'create' | 'update' | 'delete' | 'leave';
  /** Only those that helm owns or would own, in the order of their paths. Of what is created: all that the chart says. */
  readonly fields: readonly FieldChange[];
  /** How many more fields there are than are listed. */
  readonly more?: number;
}

export interface ValueChange extends FromTo {
  /** `ingress.host`; a dot inside a key is written `\.`. */
  readonly key: string;
  /** Who sets it, in words: `webui-service-helm-values version 3, line 4`. None for what is not set any more. */
  readonly origin?: string;
}

export const PROBLEM_CODES = [
  // helm would refuse, or the cluster
  'immutable',
  'invalid',
  'conflict',
  'no-such-kind',
  'forbidden',
  'unauthorised',
  'no-namespace',
  'not-adoptable',
  'release-too-large',
  'missing-dependency',
  'quarantined',
  // worth a look
  'deletion',
  'release-large',
  'release-busy',
  'no-dry-run',
  'orphaned-value',
  'held',
  // nothing could be worked out
  'values',
  'chart',
  'internal',
  'unreachable',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface PlanProblem {
  readonly code: ProblemCode;
  /** A rollout would fail or be blocked there. */
  readonly blocks: boolean;
  readonly because: string;
  /** Such as `Deployment web`. */
  readonly object?: string;
  /** Paths of the fields at fault, as the cluster names them. */
  readonly fields?: readonly string[];
  /** How a deployment would come out for it, where that has a word. */
  readonly outcome?: OutcomeCode;
}

/** `blocked`: a rollout would not get through. `unreachable`, `errored`: nobody could look. */
export const DIFF_STATES = ['changes', 'unchanged', 'blocked', 'unreachable', 'errored'] as const;
export type DiffState = (typeof DIFF_STATES)[number];

/** helm's record of the release, which it keeps in one Secret. */
export interface RecordSize {
  readonly bytes: number;
  /** Of what a Secret may hold. */
  readonly percent: number;
}

export interface EnvironmentDiff {
  readonly v: 1;
  readonly environment: string;
  readonly stage: string;
  readonly state: DiffState;
  readonly because: string;
  /** The chart's version that would come. */
  readonly version: string;
  /** What is installed there now; none when nothing is. */
  readonly deployed?: { readonly version: string; readonly revision: number };
  /** Those that would change; in the order in which helm applies them, deletions last. */
  readonly objects: readonly ObjectChange[];
  /** How many objects of the release stay as they are. */
  readonly same: number;
  readonly values: readonly ValueChange[];
  /** Such as `pre-upgrade Job migrate`: they would run. */
  readonly hooks: readonly string[];
  readonly problems: readonly PlanProblem[];
  readonly size?: RecordSize;
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}
