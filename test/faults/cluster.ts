/** A cluster as far as a release is concerned: helm's records, one Deployment a release, and how each version fares there. */
import type { Kube, KubeAnswer, KubeFailure, KubeObject, ObjectRef } from '../../domain/kube.ts';
import type { HelmStatus, ReleaseHistory, Releases, RevisionContent } from '../../domain/release/release-history.ts';
import type { Process } from './process.ts';

export interface HelmRecord {
  readonly revision: number;
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who made it, and when. */
  readonly by: string;
  readonly at: Date;
  status: HelmStatus;
}

interface Live {
  readonly version: string;
  readonly createdAt: Date;
  readonly appliedAt: Date;
}

/** How a version fares once it is applied: after so many seconds ready, never, or seen to be broken. */
export type Fares = { readonly readyAfter: number } | { readonly brokenAfter: number } | { readonly never: true };

export interface SimCluster {
  readonly name: string;
  /** Nobody answers there. */
  down: boolean;
  /** By `namespace/release`, oldest first. */
  readonly records: Map<string, HelmRecord[]>;
  readonly live: Map<string, Live>;
  faresOf(version: string): Fares;
}

export const DOWN: KubeFailure = { ok: false, code: 'unreachable', because: 'connection refused' };
const NOTHING: KubeFailure = { ok: false, code: 'not-found', because: 'there is no such object' };

export function simCluster(name: string, faresOf: SimCluster['faresOf']): SimCluster {
  return { name, down: false, records: new Map(), live: new Map(), faresOf };
}

/** What `process` can see of the cluster, at `now` of the cluster's own clock. */
export function eyesOf(cluster: SimCluster, process: Process, now: () => Date): { kube: Kube; releases: Releases } {
  const look = <T>(what: string, found: () => KubeAnswer<T>): Promise<KubeAnswer<T>> =>
    process.step(`looks at ${what} in ${cluster.name}`, () => (cluster.down ? DOWN : found()));
  return {
    kube: {
      get: (ref) => look(ref.name, () => objectOf(cluster, ref, now())),
      list: (query) => look(`${query.kind}s`, () => ({ ok: true, value: [] })),
      logs: (query) => look(query.pod, () => NOTHING),
    },
    releases: {
      history: (namespace, release) =>
        look(release, () => ({ ok: true, value: historyOf(cluster, namespace, release) })),
      revision: (namespace, release, revision) =>
        look(release, () => {
          const found = cluster.records.get(`${namespace}/${release}`)?.find((one) => one.revision === revision);
          return found === undefined ? NOTHING : { ok: true, value: contentOf(found, namespace, release) };
        }),
    },
  };
}

function historyOf(cluster: SimCluster, namespace: string, release: string): ReleaseHistory {
  const records = cluster.records.get(`${namespace}/${release}`) ?? [];
  const revisions = records.map(({ revision, status, labels }) => ({ revision, status, labels }));
  const last = records.at(-1);
  return last === undefined ? { revisions } : { revisions, latest: contentOf(last, namespace, release) };
}

function contentOf(record: HelmRecord, namespace: string, release: string): RevisionContent {
  const { revision, status, labels, version } = record;
  const objects = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: release, namespace }];
  return { revision, status, labels, description: '', chart: { name: release, version }, objects, hooks: [] };
}

/** helm's own records are Secrets; beside them stands one Deployment. */
function objectOf(cluster: SimCluster, { kind, name, namespace, apiVersion }: ObjectRef, now: Date) {
  const at = (creationTimestamp: string, more: object = {}): KubeAnswer<KubeObject> => ({
    ok: true,
    value: { apiVersion, kind, metadata: { name, namespace, generation: 1, creationTimestamp }, ...more },
  });
  if (kind === 'Secret') return at('2026-11-21T00:00:00Z');
  const live = cluster.live.get(`${namespace}/${name}`);
  if (live === undefined) return NOTHING;
  return at(live.createdAt.toISOString(), statusOf(cluster.faresOf(live.version), live, now));
}

function statusOf(fares: Fares, { appliedAt }: Live, now: Date): object {
  const seconds = (now.getTime() - appliedAt.getTime()) / 1000;
  const ready = 'readyAfter' in fares && seconds >= fares.readyAfter ? 1 : 0;
  const broken = 'brokenAfter' in fares && seconds >= fares.brokenAfter;
  const progressing = broken
    ? { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'no progress' }
    : { type: 'Progressing', status: 'True', reason: ready === 1 ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated' };
  const available = { type: 'Available', status: ready === 1 ? 'True' : 'False' };
  return {
    spec: { replicas: 1 },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [progressing, available],
    },
  };
}
