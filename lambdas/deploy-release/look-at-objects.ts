/** The objects of a release as they are in the cluster now, with the pods of those that are not ready. */
import type { Kube, KubeAnswer, KubeFailure, KubeObject } from '../../domain/kube.ts';
import { podLabelsOf } from '../../domain/readiness/new-pods-of.ts';
import { groupKind, statusOfObject } from '../../domain/readiness/status-of-object.ts';
import { type SeenObject, type SeenRelease, verdictOn } from '../../domain/readiness/verdict.ts';
import type { HelmHook, ManifestObject, RevisionContent } from '../../domain/release/release-history.ts';
import type { Cluster } from './deps.ts';

/** Their content is nobody's business: that they exist is all there is to know. */
const ONLY_EXIST = ['/Secret', '/ConfigMap'];
/** Kinds whose pods are asked for while they are not ready. A Job counts from its start, so its pods are not. */
const HAVE_PODS = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet'];

/**
 * Objects that are missing are seen as missing; any other trouble is the answer.
 * @param havePods kinds whose pods are asked for while they are not ready
 */
export async function lookAtObjects(
  kube: Kube,
  objects: readonly ManifestObject[],
  havePods = HAVE_PODS,
): Promise<KubeAnswer<SeenRelease>> {
  const answers = await Promise.all(objects.map((ref) => lookAtOne(kube, ref)));
  const trouble = answers.find((answer) => !answer.ok);
  if (trouble !== undefined && !trouble.ok) return trouble;
  const seen = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const kin = await Promise.all(
    seen.flatMap(({ found }) => (found !== undefined && needsPods(found, havePods) ? [lookAtKin(kube, found)] : [])),
  );
  const missing = kin.find((answer) => !answer.ok);
  if (missing !== undefined && !missing.ok) return missing;
  const all = kin.flatMap((answer) => (answer.ok ? answer.value : []));
  return {
    ok: true,
    value: {
      objects: seen,
      replicaSets: all.filter(({ kind }) => kind === 'ReplicaSet'),
      pods: all.filter(({ kind }) => kind === 'Pod'),
    },
  };
}

/** Hooks that are there: helm takes many away when they are done, or before it runs them again. */
export async function lookAtHooks(kube: Kube, hooks: readonly HelmHook[]): Promise<KubeAnswer<SeenRelease>> {
  const seen = await lookAtObjects(kube, hooks, [...HAVE_PODS, 'batch/Job']);
  if (!seen.ok) return seen;
  return { ok: true, value: { ...seen.value, objects: seen.value.objects.filter(({ found }) => found !== undefined) } };
}

/** Is everything of this revision ready now? What cannot be told is not. */
export async function isHealthy(
  { kube }: Pick<Cluster, 'kube'>,
  content: RevisionContent,
  now: Date,
): Promise<boolean> {
  const seen = await lookAtObjects(kube, content.objects);
  return seen.ok && verdictOn(seen.value, now).verdict === 'ready';
}

async function lookAtOne(kube: Kube, ref: ManifestObject): Promise<{ ok: true; value: SeenObject } | KubeFailure> {
  const { apiVersion, kind, name, namespace } = ref;
  const plain = { apiVersion, kind, name, namespace };
  const answer = await kube.get(plain, { metadataOnly: ONLY_EXIST.includes(groupKind(ref)) });
  // The object's own namespace: kinds without namespaces have none, whatever the release's is.
  if (answer.ok) {
    return { ok: true, value: { ref: { ...plain, namespace: answer.value.metadata.namespace }, found: answer.value } };
  }
  return answer.code === 'not-found' ? { ok: true, value: { ref: plain } } : answer;
}

function needsPods(object: KubeObject, havePods: readonly string[]): boolean {
  return havePods.includes(groupKind(object)) && statusOfObject(object).status !== 'current';
}

async function lookAtKin(kube: Kube, workload: KubeObject): Promise<KubeAnswer<readonly KubeObject[]>> {
  const { namespace } = workload.metadata;
  const labels = podLabelsOf(workload);
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels });
  if (!pods.ok || workload.kind !== 'Deployment') return pods;
  const sets = await kube.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, labels });
  return sets.ok ? { ok: true, value: [...pods.value, ...sets.value] } : sets;
}
