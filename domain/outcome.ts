/**
 * How a deployment or rollout came out: a closed list of codes, each with its sentence.
 * `contracts/outcome-table.ts` maps every code to an exit code.
 */

/** A Kubernetes object that a person should look at. */
export interface Culprit {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** What is wrong with it, in one sentence. */
  readonly because: string;
}

export const OUTCOME_CODES = [
  // it is as it should be
  'ready',
  // skipped
  'unchanged',
  'disabled',
  'held',
  'stopped',
  'superseded',
  // the release is bad
  'unhealthy',
  'not-ready',
  'rejected',
  'hook-failed',
  'out-of-time',
  'conflict',
  // nothing was touched, somebody has to act
  'foreign-operation',
  'quarantined',
  'no-deployer',
  'forbidden',
  'values-broken',
  'values-missing',
  'template-broken',
  // a package that it depends on is not healthy there
  'missing-dependency',
  // helm's record of the release would not fit a Secret
  'release-too-large',
  'chart-not-found',
  'chart-changed',
  // of earlier versions: such charts are rolled out now
  'post-hooks',
  'place-taken',
  'not-adoptable',
  // we, or the platform, are in trouble
  'unreachable',
  'lost',
  'interrupted',
  'internal',
  // a rollout's own
  'succeeded',
  'all-skipped',
  'stage-failed',
  'nothing-matched',
  'aborted',
  'refused',
  'gate-expired',
  'status-failed',
  'waited-too-long',
  'inputs-gone',
  // the plan that it was to carry out does not hold any more
  'plan-changed',
] as const;
export type OutcomeCode = (typeof OUTCOME_CODES)[number];

/** What became of something, and because of what. */
export interface Outcome {
  readonly code: OutcomeCode;
  readonly because: string;
  readonly objects?: readonly Culprit[];
}
