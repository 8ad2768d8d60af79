/**
 * Will this pod ever become ready? Some troubles do not pass by waiting: seeing them early spares the whole timeout.
 * What may still pass, a node on its way or one restart while a database comes up, is given time.
 */
import { at, listAt, numberAt, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';
import { conditionOf } from './status.ts';

export interface Graces {
  /** How long a pod may find no node: an autoscaler needs a minute or two. */
  readonly schedulingSeconds: number;
  /** How long an image may not be had, or its configuration be missing: the kubelet tries again by itself. */
  readonly startingSeconds: number;
  /** Restarts that a container in back-off may have had without counting as a crash loop. */
  readonly restarts: number;
}

export const GRACES: Graces = { schedulingSeconds: 120, startingSeconds: 10, restarts: 1 };

/** Waiting reasons of kubelet (https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go). */
const NEVER = ['InvalidImageName', 'ErrImageNeverPull'];
const AFTER_GRACE = ['ImagePullBackOff', 'ErrImagePull', 'CreateContainerConfigError', 'CreateContainerError'];

/** Why the pod will not get ready by itself, in one sentence; `undefined` while it may. */
export function podTrouble(pod: KubeObject, now: Date, graces: Graces = GRACES): string | undefined {
  const { creationTimestamp, deletionTimestamp } = pod.metadata;
  // What is on its way out needs not be ready.
  if (deletionTimestamp !== undefined) return undefined;
  const ageSeconds = creationTimestamp === undefined ? 0 : (now.getTime() - Date.parse(creationTimestamp)) / 1000;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return ageSeconds < graces.schedulingSeconds ? undefined : `no node takes it: ${scheduled.message}`;
  }
  const troubles = containerStatuses(pod).map((container) => containerTrouble(container, ageSeconds, graces));
  return troubles.find((trouble) => trouble !== undefined);
}

/** The statuses of all containers of a pod, those that initialise first. */
export function containerStatuses({ status }: KubeObject): readonly unknown[] {
  return [...listAt(status, 'initContainerStatuses'), ...listAt(status, 'containerStatuses')];
}

function containerTrouble(container: unknown, ageSeconds: number, graces: Graces): string | undefined {
  const reason = textAt(container, 'state', 'waiting', 'reason') ?? '';
  const name = textAt(container, 'name') ?? '';
  if (reason === 'CrashLoopBackOff') {
    const restarts = numberAt(container, 'restartCount') ?? 0;
    return restarts <= graces.restarts
      ? undefined
      : `container ${name} crashes again and again (CrashLoopBackOff, ${restarts} restarts${lastWords(container)})`;
  }
  const isLost = NEVER.includes(reason) || (AFTER_GRACE.includes(reason) && ageSeconds >= graces.startingSeconds);
  if (!isLost) return undefined;
  const message = textAt(container, 'state', 'waiting', 'message') ?? '';
  return `container ${name} cannot start (${reason})${message === '' ? '' : `: ${message}`}`;
}

function lastWords(container: unknown): string {
  const last = at(container, 'lastState', 'terminated');
  const code = numberAt(last, 'exitCode');
  const reason = textAt(last, 'reason');
  if (code === undefined) return '';
  return `, last exit code ${code}${reason === undefined || reason === 'Error' ? '' : ` ${reason}`}`;
}
