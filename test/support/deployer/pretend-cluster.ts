/** A cluster in memory for the deployer: helm keeps revisions as the real one does, everything is healthy. */

import type { KubeAnswer, KubeFailure, KubeObject, ObjectRef } from '../../../domain/kube.ts';
import type { Fence, Helm, HelmAnswer, HelmProblem, HelmRun, UpgradeRun } from '../../../domain/release/helm.ts';
import type { HelmStatus } from '../../../domain/release/release-history.ts';
import type { Cluster } from '../../../lambdas/deploy-release/deps.ts';
import { aHistory } from '../helm-history.ts';

export interface PretendCluster extends Cluster {
  readonly revisions: Revision[];
  readonly upgrades: UpgradeRun[];
  /** As whom helm rolled back or uninstalled. */
  readonly takenBackAs: HelmRun['actAs'][];
  /** What the next run of helm comes to, and whether it leaves a revision behind. */
  next?: Troubled | 'throws';
  /** What every upgrade comes to, when nothing else is next. */
  everyUpgrade?: Troubled;
  /** What reading the release comes to from now on. */
  blind?: KubeFailure;
  hooks: string[];
}

interface Troubled {
  readonly problem: HelmProblem;
  readonly leaves?: HelmStatus;
}

interface Revision {
  status: HelmStatus;
  fence?: number;
}

/** helm's own records are all there is to get. */
function recordOf({ kind, name, apiVersion }: ObjectRef): KubeAnswer<KubeObject> | undefined {
  const metadata = { name, creationTimestamp: '2026-11-21T10:00:00Z' };
  return kind === 'Secret' ? { ok: true, value: { apiVersion, kind, metadata } } : undefined;
}

/** helm keeps one revision `deployed`. */
function leave(made: Revision[], status: HelmStatus, fence: number | undefined): void {
  if (status === 'deployed') for (const revision of made) revision.status = 'superseded';
  made.push(fence === undefined ? { status } : { status, fence });
}

/** Starts with these revisions, counted from `first`. */
export function pretendCluster(revisions: Revision[] = [], first = 1): PretendCluster {
  const made = [...revisions];
  const end = async (fence: Fence, inherits: boolean, status: HelmStatus): Promise<HelmAnswer> => {
    const { next } = cluster;
    delete cluster.next;
    if (next === 'throws') throw new Error('helm did not start');
    if (!(await fence.holds())) return { ok: false, problem: { code: 'fenced', because: 'the lease is over' } };
    const left = next === undefined ? status : next.leaves;
    if (left !== undefined) leave(made, left, inherits ? fence.number : undefined);
    return next === undefined ? { ok: true } : { ok: false, problem: next.problem };
  };
  const helm: Helm = {
    hooksAfterwards: async () => ({ ok: true, afterwards: cluster.hooks }),
    upgrade: async (run) => {
      cluster.upgrades.push(run);
      if (cluster.everyUpgrade !== undefined) cluster.next ??= cluster.everyUpgrade;
      return end(run.fence, true, 'deployed');
    },
    rollBack: async ({ fence, actAs }) => {
      cluster.takenBackAs.push(actAs);
      return end(fence, false, 'deployed');
    },
    uninstall: async ({ actAs }) => {
      cluster.takenBackAs.push(actAs);
      made.length = 0;
      return { ok: true };
    },
  };
  const nothing: KubeFailure = { ok: false, code: 'not-found', because: 'there is nothing' };
  const cluster: PretendCluster = {
    revisions: made,
    upgrades: [],
    takenBackAs: [],
    hooks: [],
    helm,
    kube: {
      get: async (ref) => recordOf(ref) ?? nothing,
      list: async () => ({ ok: true, value: [] }),
      logs: async () => nothing,
    },
    releases: {
      history: async () => cluster.blind ?? { ok: true, value: aHistory(made, first) },
      revision: async () => nothing,
    },
  };
  return cluster;
}
