/**
 * What helm is asked for and what comes of it, in the deployer's words. helm runs without waiting for readiness
 * and reaches the cluster only as long as its fence holds; what it says is read into one of these problems.
 */
import type { Culprit, Outcome } from '../outcome.ts';

export const HELM_PROBLEMS = [
  // the cluster says no to what the chart wants
  'rejected',
  'conflict',
  'forbidden',
  // … or does not know who we are
  'unauthorised',
  'not-adoptable',
  'hook-failed',
  // the chart or its values are broken: nothing was sent
  'template-broken',
  'values-broken',
  // somebody else, or time
  'foreign-operation',
  'fenced',
  'out-of-time',
  'unreachable',
  'interrupted',
  // roll-back and uninstall only
  'no-such-revision',
  'no-such-release',
  // ours: nothing was asked of the cluster
  'disk-full',
  'internal',
] as const;
export type HelmProblemCode = (typeof HELM_PROBLEMS)[number];

/** Why helm did not do it. */
export interface HelmProblem {
  readonly code: HelmProblemCode;
  readonly because: string;
  readonly objects?: readonly Culprit[];
}

export type HelmAnswer = { readonly ok: true } | { readonly ok: false; readonly problem: HelmProblem };

/** The right to change the release, for one process. */
export interface Fence {
  /** The lease's number; written on the release's metadata as label `fairlead.dev/fence`. */
  readonly number: number;
  /** When this process is certainly over. helm is ended 60 s before. */
  readonly hardEnd: Date;
  /** Until when writes may go through, where that is sooner and moves on while the lease is renewed: helm is ended 60 s before it, too. */
  readonly until?: () => Date;
  /** Asked while helm writes: is the lease still ours? */
  readonly holds: () => Promise<boolean>;
}

export interface HelmRelease {
  readonly namespace: string;
  readonly release: string;
}

/** What every run that changes something has. */
export interface HelmRun extends HelmRelease {
  readonly fence: Fence;
  /** User of the cluster that every request of helm's is made as; the deployer itself when absent. */
  readonly actAs?: string | undefined;
}

/** A chart and the values it gets. Values live on disk only while helm runs. */
export interface HelmInputs extends HelmRelease {
  /** The chart's .tgz. */
  readonly archive: Uint8Array;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface UpgradeRun extends HelmInputs, HelmRun {
  readonly forceConflicts: boolean;
  /** helm waits until the release is ready, and only then runs its post-install and post-upgrade hooks. */
  readonly waits?: boolean;
}

export interface RollBackRun extends HelmRun {
  readonly toRevision: number;
  readonly forceConflicts: boolean;
}

export type UninstallRun = HelmRun;

export type RenderedHooks =
  | { readonly ok: true /** Such as `post-install Job/migrate`. */; readonly afterwards: readonly string[] }
  | { readonly ok: false; readonly problem: HelmProblem };

/** helm, for one cluster. */
export interface Helm {
  /** The chart's post-install and post-upgrade hooks, rendered without the cluster. */
  hooksAfterwards(inputs: HelmInputs): Promise<RenderedHooks>;
  upgrade(run: UpgradeRun): Promise<HelmAnswer>;
  rollBack(run: RollBackRun): Promise<HelmAnswer>;
  uninstall(run: UninstallRun): Promise<HelmAnswer>;
}

/** The problem as the outcome of a deployment; what only helm distinguishes is trouble of our own. */
export function outcomeOf(problem: HelmProblem): Outcome {
  const { code, ...rest } = problem;
  if (code === 'no-such-revision' || code === 'no-such-release' || code === 'fenced' || code === 'disk-full')
    return { code: 'internal', ...rest };
  if (code === 'unauthorised') return { code: 'forbidden', ...rest };
  return { code, ...rest };
}
