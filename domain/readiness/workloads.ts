/**
 * Are all pods of a workload there, new and ready? kstatus' rules
 * (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/status/core.go), the first that does not hold decides.
 */
import { at, numberAt, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';
import { conditionOf, current, failed, inProgress, type ObjectStatus, say } from './status.ts';

/** The API server's default for absent `spec.replicas`. */
const wanted = ({ spec }: KubeObject) => numberAt(spec, 'replicas') ?? 1;
const count = ({ status }: KubeObject, field: string) => numberAt(status, field) ?? 0;

/** Of several counts that must be met, the first that is not. */
function firstMissing(rules: readonly (readonly [missing: boolean, because: string])[]): ObjectStatus | undefined {
  const broken = rules.find(([missing]) => missing);
  return broken === undefined ? undefined : inProgress(broken[1]);
}

export function deploymentStatus(object: KubeObject): ObjectStatus {
  const progressing = conditionOf(object, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(say(progressing));
  // Quota or admission keeps pods from being made: it may pass, and tells more than their number.
  const refused = conditionOf(object, 'ReplicaFailure');
  if (refused?.status === 'True') return inProgress(say(refused));
  const want = wanted(object);
  const have = count(object, 'replicas');
  const updated = count(object, 'updatedReplicas');
  const available = count(object, 'availableReplicas');
  const ready = count(object, 'readyReplicas');
  const hasDeadline = at(object.spec, 'progressDeadlineSeconds') !== undefined;
  const isNewest = progressing?.status === 'True' && progressing.reason === 'NewReplicaSetAvailable';
  return (
    firstMissing([
      [want > have, `${have} of ${want} replicas exist`],
      [want > updated, `${updated} of ${want} replicas are new`],
      [have > want, `${have - want} of the old replicas still there`],
      [updated > available, `${available} of ${updated} new replicas are available`],
      [want > ready, `${ready} of ${want} replicas are ready`],
      // Without a progress deadline the controller never writes the condition.
      [hasDeadline && !isNewest, 'the new ReplicaSet is not available yet'],
      [conditionOf(object, 'Available')?.status !== 'True', 'it is not available yet'],
    ]) ?? current(`${ready} of ${want} replicas are ready`)
  );
}

export function statefulSetStatus(object: KubeObject): ObjectStatus {
  const strategy = textAt(object.spec, 'updateStrategy', 'type');
  if (strategy === 'OnDelete') return current('its pods are replaced by hand (updateStrategy OnDelete)');
  const want = wanted(object);
  const have = count(object, 'replicas');
  const ready = count(object, 'readyReplicas');
  const updated = count(object, 'updatedReplicas');
  const missing = firstMissing([
    [want > have, `${have} of ${want} replicas exist`],
    [want > ready, `${ready} of ${want} replicas are ready`],
    [have > want, `${have - want} replicas too many are still there`],
  ]);
  if (missing !== undefined) return missing;
  const partition = numberAt(object.spec, 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  const isNewest = at(object.status, 'currentRevision') === at(object.status, 'updateRevision');
  // With a partition only the pods from it upwards are replaced, and the revisions stay two.
  // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions
  const rolling =
    partition > 0
      ? ([
          updated < want - partition,
          `${updated} of ${want - partition} replicas above the partition are new`,
        ] as const)
      : ([!isNewest, `${updated} of ${want} replicas are new`] as const);
  return firstMissing([rolling]) ?? current(`${ready} of ${want} replicas are ready`);
}

export function daemonSetStatus(object: KubeObject): ObjectStatus {
  const want = numberAt(object.status, 'desiredNumberScheduled');
  if (want === undefined || numberAt(object.status, 'observedGeneration') === undefined) {
    return inProgress('its controller has not seen it yet');
  }
  const available = count(object, 'numberAvailable');
  const ready = count(object, 'numberReady');
  return (
    firstMissing([
      [
        want > count(object, 'currentNumberScheduled'),
        `${count(object, 'currentNumberScheduled')} of ${want} pods exist`,
      ],
      [
        want > count(object, 'updatedNumberScheduled'),
        `${count(object, 'updatedNumberScheduled')} of ${want} pods are new`,
      ],
      [want > available, `${available} of ${want} pods are available`],
      [want > ready, `${ready} of ${want} pods are ready`],
    ]) ?? current(`${ready} of ${want} pods are ready`)
  );
}

export function replicaSetStatus(object: KubeObject): ObjectStatus {
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return inProgress(say(failure));
  const want = wanted(object);
  const have = count(object, 'replicas');
  const ready = count(object, 'readyReplicas');
  const available = count(object, 'availableReplicas');
  return (
    firstMissing([
      [
        want > count(object, 'fullyLabeledReplicas'),
        `${count(object, 'fullyLabeledReplicas')} of ${want} replicas exist`,
      ],
      [want > available, `${available} of ${want} replicas are available`],
      [want > ready, `${ready} of ${want} replicas are ready`],
      [have > want, `${have - want} replicas too many are still there`],
    ]) ?? current(`${ready} of ${want} replicas are ready`)
  );
}
