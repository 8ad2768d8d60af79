/** A cluster to look at: objects in memory, found by what they are called, listed by their labels. A test moves it on. */
import type { Kube, KubeAnswer, KubeFailure, KubeObject, ListQuery, LogQuery } from '../../domain/kube.ts';
import type { ReleaseHistory, Releases, RevisionContent } from '../../domain/release/release-history.ts';
import { ref } from './kube-objects.ts';

export interface SeenCluster {
  readonly kube: Kube;
  readonly releases: Releases;
  objects: readonly KubeObject[];
  latest: RevisionContent | undefined;
  /** By `pod/container`, ` before` added for the life before. */
  logs: Readonly<Record<string, readonly string[]>>;
  /** What answers instead, by kind; `Log` for logs, `Release` for helm's memory. */
  trouble: Readonly<Record<string, KubeFailure>>;
  /** Every kind asked for, in order; `Kind!` when only its metadata was. */
  readonly asked: string[];
}

/** A release at revision 7 whose manifest has exactly `objects` without owners. */
export function seenCluster(objects: readonly KubeObject[]): SeenCluster {
  const asked: string[] = [];
  const cluster: SeenCluster = {
    objects,
    latest: revisionOf(7, objects),
    logs: {},
    trouble: {},
    asked,
    kube: {
      get: async (wanted, options) => {
        asked.push(`${wanted.kind}${options?.metadataOnly === true ? '!' : ''}`);
        return answer(cluster, wanted.kind, () =>
          cluster.objects.find(
            ({ kind, metadata }) =>
              kind === wanted.kind && metadata.name === wanted.name && metadata.namespace === wanted.namespace,
          ),
        );
      },
      list: async (query) =>
        answer(cluster, query.kind, () => cluster.objects.filter((object) => isMeant(object, query))),
      logs: async (query) => answer(cluster, 'Log', () => cluster.logs[logName(query)]),
    },
    releases: {
      history: async () =>
        answer(cluster, 'Release', (): ReleaseHistory => ({ revisions: [], latest: cluster.latest })),
      revision: async () => answer(cluster, 'Release', () => cluster.latest),
    },
  };
  return cluster;
}

/** A deployed revision that rendered those of `objects` that nobody owns. */
export function revisionOf(revision: number, objects: readonly KubeObject[]): RevisionContent {
  return {
    revision,
    status: 'deployed',
    labels: {},
    description: 'Upgrade complete',
    chart: { name: 'webui', version: '1.4.2' },
    objects: objects
      .filter(({ kind, metadata }) => metadata.ownerReferences === undefined && kind !== 'Event')
      .map((object) => ref(object)),
    hooks: [],
  };
}

export const fails = (code: KubeFailure['code'], because: string): KubeFailure => ({ ok: false, code, because });

function answer<T>({ trouble }: SeenCluster, about: string, found: () => T | undefined): KubeAnswer<T> {
  const failure = trouble[about];
  if (failure !== undefined) return failure;
  const value = found();
  return value === undefined ? fails('not-found', `no such ${about}`) : { ok: true, value };
}

function isMeant({ kind, metadata }: KubeObject, query: ListQuery): boolean {
  const hasLabels = Object.entries(query.labels ?? {}).every(([key, value]) => metadata.labels?.[key] === value);
  return kind === query.kind && metadata.namespace === query.namespace && hasLabels;
}

function logName({ pod, container, previous }: LogQuery): string {
  return `${pod}/${container}${previous ? ' before' : ''}`;
}
