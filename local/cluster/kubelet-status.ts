/**
 * What a kubelet would say about a pod at a moment. Pure: the pod's own fields and the clock decide, nothing is remembered.
 * Reasons, messages and conditions are those that kubelet 1.35 and kube-scheduler 1.35 write, because observation and evidence read them.
 */
import { createHash } from 'node:crypto';
import { type ContainerStatus, containerAt, type PodEvent } from './kubelet-container.ts';
import { isUnschedulable, type Pod } from './kubelet-pod.ts';

export interface PodCondition {
  readonly type: 'PodReadyToStartContainers' | 'Initialized' | 'Ready' | 'ContainersReady' | 'PodScheduled';
  readonly status: 'True' | 'False';
  readonly lastProbeTime: null;
  readonly lastTransitionTime: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface PodStatus {
  readonly phase: 'Pending' | 'Running' | 'Succeeded';
  readonly conditions: readonly PodCondition[];
  readonly startTime?: string;
  readonly hostIP?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

export interface SeenPod {
  readonly status: PodStatus;
  /** All that happened up to now, oldest first; those already reported among them. */
  readonly events: readonly PodEvent[];
  /** Who reports the events. */
  readonly reporter: 'kubelet' | 'default-scheduler';
  /** Milliseconds until the pod will look different by itself; undefined when it will not. */
  readonly changesInMs: number | undefined;
}

/** What a cluster of one node that has no room says. */
const NO_ROOM =
  '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';

const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * The status of a pod at `now`. A pod that has a node starts at once: at its `status.startTime` if it has one, else now.
 * A pod without a node has nothing to say unless no node takes it: undefined.
 */
export function statusOf(pod: Pod, now: Date): SeenPod | undefined {
  if (pod.spec.nodeName === undefined) return isUnschedulable(pod) ? unschedulable(pod) : undefined;
  const nowMs = now.getTime();
  const startedMs = pod.status.startTime === undefined ? nowMs : Date.parse(pod.status.startTime);
  const seen = pod.spec.containers.map((container) => containerAt(pod, container, startedMs, nowMs));
  const done = seen.every((container) => container.done);
  const ready = seen.every(({ status }) => status.ready);
  const waiting = seen.every(
    ({ status }) =>
      status.state['waiting'] !== undefined && status.restartCount === 0 && status.containerID === undefined,
  );
  const podIP = addressOf(pod.metadata.uid);
  const initContainerStatuses = pod.spec.initContainers.map((container) => initialised(container, startedMs));
  const changes = seen.map(({ changesInMs }) => changesInMs).filter((ms) => ms !== undefined);
  return {
    status: {
      phase: done ? 'Succeeded' : waiting ? 'Pending' : 'Running',
      conditions: conditions(second(startedMs), {
        done,
        ready,
        unready: seen.filter((c) => !c.status.ready).map((c) => c.status.name),
      }),
      startTime: second(startedMs),
      hostIP: '127.0.0.1',
      podIP,
      podIPs: [{ ip: podIP }],
      ...(initContainerStatuses.length === 0 ? {} : { initContainerStatuses }),
      containerStatuses: seen.map(({ status }) => status),
    },
    events: seen.flatMap(({ events }) => events),
    reporter: 'kubelet',
    changesInMs: changes.length === 0 ? undefined : Math.min(...changes),
  };
}

function unschedulable(pod: Pod): SeenPod {
  const lastTransitionTime = pod.metadata.creationTimestamp;
  const scheduled = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime,
    reason: 'Unschedulable',
    message: NO_ROOM,
  } as const;
  const events: PodEvent[] = [{ type: 'Warning', reason: 'FailedScheduling', message: NO_ROOM }];
  return {
    status: { phase: 'Pending', conditions: [scheduled] },
    events,
    reporter: 'default-scheduler',
    changesInMs: undefined,
  };
}

interface Readiness {
  readonly done: boolean;
  readonly ready: boolean;
  readonly unready: readonly string[];
}

function conditions(lastTransitionTime: string, { done, ready, unready }: Readiness): PodCondition[] {
  const always = (
    type: PodCondition['type'],
    holds: boolean,
    why: { reason?: string; message?: string } = {},
  ): PodCondition => ({
    type,
    status: holds ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime,
    ...why,
  });
  const notReady = done
    ? { reason: 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const why = ready ? {} : notReady;
  return [
    always('PodReadyToStartContainers', !done),
    always('Initialized', true, done ? { reason: 'PodCompleted' } : {}),
    always('Ready', ready, why),
    always('ContainersReady', ready, why),
    always('PodScheduled', true),
  ];
}

function initialised({ name, image }: { name: string; image: string }, startedMs: number): ContainerStatus {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: second(startedMs), finishedAt: second(startedMs) };
  return {
    name,
    image,
    imageID: '',
    ready: true,
    started: false,
    restartCount: 0,
    state: { terminated },
    lastState: {},
  };
}

/** A stable address out of 10.244.0.0/16, the customary range of pods; never a network's first or last. */
function addressOf(uid: string): string {
  const [high = 0, low = 0] = createHash('sha256').update(uid).digest();
  return `10.244.${high}.${1 + (low % 254)}`;
}
