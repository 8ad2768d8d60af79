/**
 * Is this object as its spec wants it? What all objects have in common decides first, then the rule of its kind,
 * then its `Ready` condition; an object that tells nothing is current by existing.
 */
import type { KubeObject } from '../kube.ts';
import { claimStatus, definitionStatus, jobStatus, podStatus, serviceStatus } from './singles.ts';
import { conditionOf, current, failed, inProgress, isBehind, type ObjectStatus, say } from './status.ts';
import { daemonSetStatus, deploymentStatus, replicaSetStatus, statefulSetStatus } from './workloads.ts';

const exists = () => current('it exists');

/** By group and kind; versions of one kind share their rule. */
const RULES: Readonly<Record<string, (object: KubeObject) => ObjectStatus>> = {
  'apps/Deployment': deploymentStatus,
  'apps/StatefulSet': statefulSetStatus,
  'apps/DaemonSet': daemonSetStatus,
  'apps/ReplicaSet': replicaSetStatus,
  'batch/Job': jobStatus,
  'batch/CronJob': exists,
  'policy/PodDisruptionBudget': exists,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionStatus,
  '/Pod': podStatus,
  '/PersistentVolumeClaim': claimStatus,
  '/Service': serviceStatus,
};

/** `undefined` means that the cluster does not have it. */
export function statusOfObject(object: KubeObject | undefined): ObjectStatus {
  if (object === undefined) return { status: 'not-found', because: 'it does not exist' };
  return byCommonFields(object) ?? (RULES[groupKind(object)] ?? byReadyCondition)(object);
}

/** `apps/Deployment`; the core group is empty: `/Pod`. */
export function groupKind({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${group}/${kind}`;
}

function byCommonFields(object: KubeObject): ObjectStatus | undefined {
  if (object.metadata.deletionTimestamp !== undefined) {
    return { status: 'terminating', because: `it is being deleted since ${object.metadata.deletionTimestamp}` };
  }
  if (isBehind(object)) return inProgress('its controller has not seen the latest change yet');
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') return inProgress(say(reconciling));
  const stalled = conditionOf(object, 'Stalled');
  return stalled?.status === 'True' ? failed(say(stalled)) : undefined;
}

function byReadyCondition(object: KubeObject): ObjectStatus {
  const ready = conditionOf(object, 'Ready');
  if (ready === undefined) return exists();
  return ready.status === 'True'
    ? current('it is ready')
    : inProgress(`it is not ready (${say(ready) || ready.status})`);
}
