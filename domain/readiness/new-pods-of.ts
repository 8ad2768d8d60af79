/**
 * Which pods speak for the workload as it is now? An old pod that crashes must not fail the release that replaces it, so
 * only pods of the newest revision count, and none before the controller has seen the newest spec.
 */
import { at, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';
import { isBehind } from './status.ts';
import { groupKind } from './status-of-object.ts';

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision */
const DEPLOYMENT_REVISION = 'deployment.kubernetes.io/revision';
/** https://kubernetes.io/docs/reference/labels-annotations-taints/#controller-revision-hash */
const REVISION_HASH = 'controller-revision-hash';
/** DaemonSets tell no newest revision in their status; both of these count the changes of the template. */
const TEMPLATE_GENERATION = 'pod-template-generation';
const DAEMON_SET_GENERATION = 'deprecated.daemonset.template.generation';

/** What may belong to a workload: everything in its namespace will do. */
export interface Kin {
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
}

/** The pods of the workload's newest revision. A bare Pod speaks for itself; other kinds have none. */
export function newPodsOf(workload: KubeObject, { replicaSets, pods }: Kin): readonly KubeObject[] {
  if (isBehind(workload)) return [];
  switch (groupKind(workload)) {
    case 'apps/Deployment': {
      const newest = replicaSets.filter((set) => isOwnedBy(set, workload)).find((set) => isNewest(set, workload));
      return newest === undefined ? [] : pods.filter((pod) => isOwnedBy(pod, newest));
    }
    case 'apps/StatefulSet': {
      const newest = textAt(workload.status, 'updateRevision');
      return pods.filter((pod) => isOwnedBy(pod, workload) && labelOf(pod, REVISION_HASH) === newest);
    }
    case 'apps/DaemonSet': {
      const newest = workload.metadata.annotations?.[DAEMON_SET_GENERATION];
      return pods.filter((pod) => isOwnedBy(pod, workload) && labelOf(pod, TEMPLATE_GENERATION) === newest);
    }
    case 'apps/ReplicaSet':
    case 'batch/Job':
      return pods.filter((pod) => isOwnedBy(pod, workload));
    case '/Pod':
      return [workload];
    default:
      return [];
  }
}

/** The labels that all pods of the workload have; `undefined` for kinds without pods or with a selector of expressions only. */
export function podLabelsOf({ spec }: KubeObject): Readonly<Record<string, string>> | undefined {
  const labels = Object.entries(at(spec, 'selector', 'matchLabels') ?? {});
  const texts = labels.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

function isNewest(set: KubeObject, deployment: KubeObject): boolean {
  const wanted = deployment.metadata.annotations?.[DEPLOYMENT_REVISION];
  return wanted !== undefined && set.metadata.annotations?.[DEPLOYMENT_REVISION] === wanted;
}

function isOwnedBy({ metadata }: KubeObject, owner: KubeObject): boolean {
  const { uid } = owner.metadata;
  return uid !== undefined && (metadata.ownerReferences ?? []).some((reference) => reference.uid === uid);
}

function labelOf({ metadata }: KubeObject, label: string): string | undefined {
  return metadata.labels?.[label];
}
