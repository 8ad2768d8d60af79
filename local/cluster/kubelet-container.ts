import { createHash } from 'node:crypto';
import { type Pod, pretenceOf, runsToItsEnd } from './kubelet-pod.ts';
import { crashLoopAt, LIFE_MS } from './kubelet-restarts.ts';

/** An event as the kubelet reports it; who it is about is added by whoever posts it. */
export interface PodEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** `status.containerStatuses[]` of a Pod. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly lastState: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}

/** A container as it is at one moment, the events that led there, and when it will be different (milliseconds; undefined: never by itself). */
export interface SeenContainer {
  readonly status: ContainerStatus;
  readonly events: readonly PodEvent[];
  readonly done: boolean;
  readonly changesInMs: number | undefined;
}

/** Between a failed pull and the first back-off. */
const PULL_MS = 300;

/** The container of a pod that was started at `startedMs`, as a kubelet would report it at `nowMs` (both since the epoch). */
export function containerAt(
  pod: Pod,
  container: { name: string; image: string },
  startedMs: number,
  nowMs: number,
): SeenContainer {
  const ageMs = Math.max(0, nowMs - startedMs);
  switch (pretenceOf(pod, container.image)) {
    case 'image-pull-back-off':
      return pulling(container, ageMs);
    case 'crash-loop-back-off':
      return crashing(pod, container, startedMs, ageMs);
    case 'never-ready':
      return running(pod, container, startedMs, false);
    default:
      return runsToItsEnd(pod) && ageMs >= LIFE_MS
        ? completed(pod, container, startedMs)
        : running(pod, container, startedMs, true);
  }
}

type Named = { readonly name: string; readonly image: string };

const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const containerID = (pod: Pod, { name }: Named, restarts: number) =>
  `containerd://${digest(`${pod.metadata.uid}/${name}/${restarts}`)}`;

function statusOf(
  { name, image }: Named,
  pulled: boolean,
  over: Omit<ContainerStatus, 'name' | 'image' | 'imageID'>,
): ContainerStatus {
  return { name, image, imageID: pulled ? `${image.split(/[:@]/)[0]}@sha256:${digest(image)}` : '', ...over };
}

function started({ name, image }: Named): PodEvent[] {
  return [
    { type: 'Normal', reason: 'Pulled', message: `Container image "${image}" already present on machine` },
    { type: 'Normal', reason: 'Created', message: `Created container: ${name}` },
    { type: 'Normal', reason: 'Started', message: `Started container ${name}` },
  ];
}

function pulling(container: Named, ageMs: number): SeenContainer {
  const { image } = container;
  const failed = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  const backingOff = ageMs >= PULL_MS;
  const waiting = backingOff
    ? { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${failed}` }
    : { reason: 'ErrImagePull', message: failed };
  const events: PodEvent[] = [
    { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` },
    { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${failed}` },
    { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
  ];
  if (backingOff) {
    events.push({ type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` });
    events.push({ type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' });
  }
  const status = statusOf(container, false, {
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting },
    lastState: {},
  });
  return { status, events, done: false, changesInMs: backingOff ? undefined : PULL_MS - ageMs };
}

function crashing(pod: Pod, container: Named, startedMs: number, ageMs: number): SeenContainer {
  const { name } = container;
  const { state, restarts, bornMs, backOffMs, previousBackOffMs, changesInMs } = crashLoopAt(ageMs);
  const { namespace, name: podName, uid } = pod.metadata;
  const life = (bornAtMs: number, which: number) => ({
    exitCode: 1,
    reason: 'Error',
    startedAt: at(startedMs + bornAtMs),
    finishedAt: at(startedMs + bornAtMs + LIFE_MS),
    containerID: containerID(pod, container, which),
  });
  const common = { ready: false, restartCount: restarts, containerID: containerID(pod, container, restarts) };
  if (state === 'running') {
    const lastState = restarts === 0 ? {} : { terminated: life(bornMs - previousBackOffMs - LIFE_MS, restarts - 1) };
    const status = statusOf(container, true, {
      ...common,
      started: true,
      state: { running: { startedAt: at(startedMs + bornMs) } },
      lastState,
    });
    return { status, events: started(container), done: false, changesInMs };
  }
  const message = `back-off ${backOffText(backOffMs)} restarting failed container=${name} pod=${podName}_${namespace}(${uid})`;
  const status = statusOf(container, true, {
    ...common,
    started: false,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated: life(bornMs, restarts) },
  });
  const backOff = `Back-off restarting failed container ${name} in pod ${podName}_${namespace}(${uid})`;
  return {
    status,
    events: [...started(container), { type: 'Warning', reason: 'BackOff', message: backOff }],
    done: false,
    changesInMs,
  };
}

/** As Go writes a duration: `10s`, `1m20s`, `5m0s`. */
function backOffText(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function running(pod: Pod, container: Named, startedMs: number, ready: boolean): SeenContainer {
  const status = statusOf(container, true, {
    ready,
    started: true,
    restartCount: 0,
    containerID: containerID(pod, container, 0),
    state: { running: { startedAt: at(startedMs) } },
    lastState: {},
  });
  const unhealthy: PodEvent = {
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
  };
  const events = ready ? started(container) : [...started(container), unhealthy];
  return { status, events, done: false, changesInMs: ready && runsToItsEnd(pod) ? LIFE_MS : undefined };
}

function completed(pod: Pod, container: Named, startedMs: number): SeenContainer {
  const id = containerID(pod, container, 0);
  const terminated = {
    exitCode: 0,
    reason: 'Completed',
    startedAt: at(startedMs),
    finishedAt: at(startedMs + LIFE_MS),
    containerID: id,
  };
  const status = statusOf(container, true, {
    ready: false,
    started: false,
    restartCount: 0,
    containerID: id,
    state: { terminated },
    lastState: {},
  });
  return { status, events: started(container), done: true, changesInMs: undefined };
}
