/** Kubernetes objects as an API server 1.35 gives them, cut to what matters; overrides say what a test is about. */
import type { JsonMap } from '../../domain/json.ts';
import type { KubeObject, ObjectMeta } from '../../domain/kube.ts';

export const NOW = new Date('2026-11-21T10:10:00Z');
/** So many seconds before NOW. */
export const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000).toISOString();

export interface Overrides {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: JsonMap;
  readonly status?: JsonMap;
}

function object(apiVersion: string, kind: string, name: string, defaults: Overrides, overrides: Overrides): KubeObject {
  const metadata = { name, namespace: 'web', uid: `uid-${kind}-${name}`, generation: 2 };
  return {
    apiVersion,
    kind,
    metadata: { ...metadata, ...defaults.metadata, ...overrides.metadata },
    spec: { ...defaults.spec, ...overrides.spec },
    status: { ...defaults.status, ...overrides.status },
  };
}

export const condition = (type: string, status: string, reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
});

const selector = { matchLabels: { app: 'web' } };

/** Two of two replicas, revision 4, all well. */
export const deployment = (overrides: Overrides = {}) =>
  object(
    'apps/v1',
    'Deployment',
    'web',
    {
      metadata: { annotations: { 'deployment.kubernetes.io/revision': '4' } },
      spec: { replicas: 2, progressDeadlineSeconds: 600, selector },
      status: {
        observedGeneration: 2,
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
        conditions: [condition('Available', 'True'), condition('Progressing', 'True', 'NewReplicaSetAvailable')],
      },
    },
    overrides,
  );

/** As it is while the first new pod does not get ready. */
export const stuckDeployment = (overrides: Overrides = {}) =>
  deployment({
    ...overrides,
    status: {
      replicas: 3,
      updatedReplicas: 1,
      readyReplicas: 2,
      availableReplicas: 2,
      unavailableReplicas: 1,
      conditions: [condition('Available', 'True'), condition('Progressing', 'True', 'ReplicaSetUpdated')],
      ...overrides.status,
    },
  });

export const replicaSet = (name: string, revision: string, owner: KubeObject, overrides: Overrides = {}) =>
  object(
    'apps/v1',
    'ReplicaSet',
    name,
    {
      metadata: {
        annotations: { 'deployment.kubernetes.io/revision': revision },
        labels: { app: 'web' },
        ownerReferences: [ownedBy(owner)],
      },
      spec: { replicas: 2 },
      status: { observedGeneration: 2, replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
    },
    overrides,
  );

export const statefulSet = (overrides: Overrides = {}) =>
  object(
    'apps/v1',
    'StatefulSet',
    'queue',
    {
      spec: { replicas: 3, selector, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
      status: {
        observedGeneration: 2,
        replicas: 3,
        readyReplicas: 3,
        currentReplicas: 3,
        updatedReplicas: 3,
        currentRevision: 'queue-b',
        updateRevision: 'queue-b',
      },
    },
    overrides,
  );

export const daemonSet = (overrides: Overrides = {}) =>
  object(
    'apps/v1',
    'DaemonSet',
    'agent',
    {
      metadata: { annotations: { 'deprecated.daemonset.template.generation': '2' } },
      spec: { selector },
      status: {
        observedGeneration: 2,
        desiredNumberScheduled: 2,
        currentNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 2,
        numberReady: 2,
      },
    },
    overrides,
  );

export const job = (overrides: Overrides = {}) =>
  object('batch/v1', 'Job', 'migrate', { status: { startTime: ago(30), active: 1 } }, overrides);

export const claim = (phase: string) => object('v1', 'PersistentVolumeClaim', 'data', { status: { phase } }, {});

export const service = (overrides: Overrides = {}) =>
  object('v1', 'Service', 'web', { spec: { type: 'ClusterIP', clusterIP: '10.0.0.7' } }, overrides);

export const definition = (conditions: readonly unknown[]) =>
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.acme.example', { status: { conditions } }, {});

/** Something that only a foreign controller understands. */
export const widget = (overrides: Overrides = {}) =>
  object('acme.example/v1', 'Widget', 'w', { status: { observedGeneration: 2 } }, overrides);

/** Ready, one minute old. */
export const pod = (name: string, owner: KubeObject | undefined, overrides: Overrides = {}) =>
  object(
    'v1',
    'Pod',
    name,
    {
      metadata: {
        creationTimestamp: ago(60),
        labels: { app: 'web' },
        ...(owner && { ownerReferences: [ownedBy(owner)] }),
      },
      status: {
        phase: 'Running',
        conditions: [condition('PodScheduled', 'True'), condition('Ready', 'True')],
        containerStatuses: [container({})],
      },
    },
    overrides,
  );

export const container = (overrides: JsonMap): JsonMap => ({
  name: 'web',
  ready: true,
  restartCount: 0,
  containerID: 'containerd://1',
  state: { running: { startedAt: ago(50) } },
  lastState: {},
  ...overrides,
});

export const waiting = (reason: string, overrides: JsonMap = {}): JsonMap =>
  container({ ready: false, state: { waiting: { reason, message: `said with ${reason}` } }, ...overrides });

/** Three lives, each ended with exit code 1. */
export const crashLooping = waiting('CrashLoopBackOff', {
  restartCount: 2,
  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
});

/** A pod that is not ready because of this container. */
export const badPod = (
  name: string,
  owner: KubeObject | undefined,
  status: JsonMap,
  metadata: Partial<ObjectMeta> = {},
) =>
  pod(name, owner, {
    metadata,
    status: {
      phase: 'Running',
      conditions: [condition('PodScheduled', 'True'), condition('Ready', 'False', 'ContainersNotReady')],
      containerStatuses: [status],
    },
  });

export const event = (about: KubeObject, reason: string, message: string, seconds: number): KubeObject => ({
  ...object('v1', 'Event', `${about.metadata.name}.${reason}`, {}, {}),
  ...{
    type: 'Warning',
    reason,
    message,
    lastTimestamp: ago(seconds),
    count: 3,
    involvedObject: { kind: about.kind, name: about.metadata.name, namespace: 'web', uid: about.metadata.uid },
  },
});

export const ref = ({ apiVersion, kind, metadata }: KubeObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
});

function ownedBy({ kind, metadata }: KubeObject) {
  return { kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
}
