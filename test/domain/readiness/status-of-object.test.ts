import { expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube.ts';
import { statusOfObject } from '../../../domain/readiness/status-of-object.ts';
import {
  claim,
  condition,
  daemonSet,
  definition,
  deployment,
  job,
  pod,
  replicaSet,
  service,
  statefulSet,
  stuckDeployment,
  widget,
} from '../../support/kube-objects.ts';

const progressing = (reason: string, status = 'True') => condition('Progressing', status, reason, 'so it says');
const available = condition('Available', 'True');
const loadBalancer = { type: 'LoadBalancer', clusterIP: '10.0.0.7' };

test.each<[string, KubeObject | undefined, string, string | RegExp]>([
  // what all objects have in common
  ['an object that is not there', undefined, 'not-found', /does not exist/],
  [
    'an object on its way out',
    deployment({ metadata: { deletionTimestamp: '2026-11-21T10:00:00Z' } }),
    'terminating',
    /being deleted/,
  ],
  [
    'a change that the controller has not seen',
    deployment({ metadata: { generation: 3 } }),
    'in-progress',
    /has not seen/,
  ],
  ['a ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }, 'current', /exists/],
  // Deployment
  ['a Deployment with all replicas ready', deployment(), 'current', '2 of 2 replicas are ready'],
  [
    'a Deployment that nobody has touched yet',
    deployment({ status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0, conditions: [] } }),
    'in-progress',
    '0 of 2 replicas exist',
  ],
  [
    'a Deployment with old replicas only',
    deployment({ status: { updatedReplicas: 0 } }),
    'in-progress',
    '0 of 2 replicas are new',
  ],
  [
    'a Deployment whose old replicas still run',
    deployment({ status: { replicas: 3 } }),
    'in-progress',
    '1 of the old replicas still there',
  ],
  [
    'a Deployment whose new replica is not available',
    deployment({ status: { availableReplicas: 1 } }),
    'in-progress',
    '1 of 2 new replicas are available',
  ],
  [
    'a Deployment whose replica is not ready',
    deployment({ status: { readyReplicas: 1 } }),
    'in-progress',
    '1 of 2 replicas are ready',
  ],
  ['a Deployment in the middle of it', stuckDeployment(), 'in-progress', '1 of 2 replicas are new'],
  [
    'a Deployment whose counts are right too early',
    deployment({ status: { conditions: [available, progressing('ReplicaSetUpdated')] } }),
    'in-progress',
    /ReplicaSet is not available/,
  ],
  [
    'a Deployment that is not available',
    deployment({ status: { conditions: [progressing('NewReplicaSetAvailable')] } }),
    'in-progress',
    /not available/,
  ],
  [
    'a Deployment past its progress deadline',
    stuckDeployment({ status: { conditions: [available, progressing('ProgressDeadlineExceeded', 'False')] } }),
    'failed',
    'ProgressDeadlineExceeded: so it says',
  ],
  [
    'a Deployment whose pods are refused',
    stuckDeployment({
      status: { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota')] },
    }),
    'in-progress',
    'FailedCreate: exceeded quota',
  ],
  [
    'a Deployment of no replicas',
    deployment({
      spec: { replicas: 0 },
      status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
    }),
    'current',
    '0 of 0 replicas are ready',
  ],
  // StatefulSet
  ['a StatefulSet with all replicas ready', statefulSet(), 'current', '3 of 3 replicas are ready'],
  [
    'a StatefulSet that is being made',
    statefulSet({ status: { replicas: 1, readyReplicas: 0 } }),
    'in-progress',
    '1 of 3 replicas exist',
  ],
  [
    'a StatefulSet with a replica that is not ready',
    statefulSet({ status: { readyReplicas: 2 } }),
    'in-progress',
    '2 of 3 replicas are ready',
  ],
  [
    'a StatefulSet that shrinks',
    statefulSet({ status: { replicas: 4 } }),
    'in-progress',
    '1 replicas too many are still there',
  ],
  [
    'a StatefulSet that still rolls',
    statefulSet({ status: { currentRevision: 'queue-a', updatedReplicas: 1 } }),
    'in-progress',
    '1 of 3 replicas are new',
  ],
  [
    'a StatefulSet that its people roll by hand',
    statefulSet({ spec: { updateStrategy: { type: 'OnDelete' } }, status: { currentRevision: 'queue-a' } }),
    'current',
    /by hand/,
  ],
  [
    'a StatefulSet above its partition',
    statefulSet({
      spec: { updateStrategy: { rollingUpdate: { partition: 2 } } },
      status: { currentRevision: 'queue-a', updatedReplicas: 1 },
    }),
    'current',
    /ready/,
  ],
  [
    'a StatefulSet short of its partition',
    statefulSet({
      spec: { updateStrategy: { rollingUpdate: { partition: 2 } } },
      status: { currentRevision: 'queue-a', updatedReplicas: 0 },
    }),
    'in-progress',
    '0 of 1 replicas above the partition are new',
  ],
  // DaemonSet
  ['a DaemonSet on all nodes', daemonSet(), 'current', '2 of 2 pods are ready'],
  ['a DaemonSet that nobody has seen', { ...daemonSet(), status: {} }, 'in-progress', /has not seen/],
  [
    'a DaemonSet that still rolls',
    daemonSet({ status: { updatedNumberScheduled: 1 } }),
    'in-progress',
    '1 of 2 pods are new',
  ],
  [
    'a DaemonSet with a pod that is not available',
    daemonSet({ status: { numberAvailable: 1 } }),
    'in-progress',
    '1 of 2 pods are available',
  ],
  [
    'a DaemonSet with a pod that is missing',
    daemonSet({ status: { currentNumberScheduled: 1 } }),
    'in-progress',
    '1 of 2 pods exist',
  ],
  // ReplicaSet
  ['a ReplicaSet with all replicas', replicaSet('web-1', '4', deployment()), 'current', '2 of 2 replicas are ready'],
  [
    'a ReplicaSet with too few',
    replicaSet('web-1', '4', deployment(), { status: { availableReplicas: 1 } }),
    'in-progress',
    '1 of 2 replicas are available',
  ],
  [
    'a ReplicaSet whose pods are refused',
    replicaSet('web-1', '4', deployment(), {
      status: { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'quota')] },
    }),
    'in-progress',
    'FailedCreate: quota',
  ],
  // Job
  ['a Job that waits', job({ status: { startTime: undefined } }), 'in-progress', /not started/],
  ['a Job that has started', job(), 'current', 'it has started: 1 active, 0 succeeded'],
  ['a Job that is done', job({ status: { conditions: [condition('Complete', 'True')] } }), 'current', /completed/],
  [
    'a Job that is suspended',
    job({ status: { startTime: undefined, conditions: [condition('Suspended', 'True')] } }),
    'current',
    /suspended/,
  ],
  [
    'a Job that failed',
    job({ status: { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'no more tries')] } }),
    'failed',
    'BackoffLimitExceeded: no more tries',
  ],
  // Pod
  ['a Pod that is ready', pod('p', undefined), 'current', /ready/],
  ['a Pod that is done', pod('p', undefined, { status: { phase: 'Succeeded' } }), 'current', /completed/],
  [
    'a Pod that failed',
    pod('p', undefined, { status: { phase: 'Failed', reason: 'Evicted', message: 'disk' } }),
    'failed',
    'it has failed: Evicted: disk',
  ],
  [
    'a Pod that is not ready',
    pod('p', undefined, { status: { conditions: [condition('Ready', 'False')] } }),
    'in-progress',
    /not ready/,
  ],
  [
    'a Pod that waits for its node',
    pod('p', undefined, { status: { phase: 'Pending' } }),
    'in-progress',
    /phase is Pending/,
  ],
  // PersistentVolumeClaim
  ['a claim that is bound', claim('Bound'), 'current', /bound/],
  ['a claim that waits', claim('Pending'), 'in-progress', /phase Pending/],
  // Service
  ['a Service inside the cluster', service(), 'current', /exists/],
  [
    'a load balancer with an address',
    service({ spec: loadBalancer, status: { loadBalancer: { ingress: [{ hostname: 'x' }] } } }),
    'current',
    /address/,
  ],
  [
    'a load balancer without one',
    service({ spec: loadBalancer, status: { loadBalancer: {} } }),
    'in-progress',
    /no address/,
  ],
  [
    'a load balancer without a cluster IP',
    service({ spec: { type: 'LoadBalancer', clusterIP: '' } }),
    'in-progress',
    /no cluster IP/,
  ],
  // CustomResourceDefinition
  [
    'a definition that is established',
    definition([condition('NamesAccepted', 'True'), condition('Established', 'True')]),
    'current',
    /established/,
  ],
  [
    'a definition that is being installed',
    definition([condition('Established', 'False', 'Installing')]),
    'in-progress',
    /not established/,
  ],
  [
    'a definition whose names are taken',
    definition([condition('NamesAccepted', 'False', 'PluralConflict', 'widgets is taken')]),
    'failed',
    'PluralConflict: widgets is taken',
  ],
  // the rest, by conditions
  ['anything without conditions', widget(), 'current', /exists/],
  ['anything that is Ready', widget({ status: { conditions: [condition('Ready', 'True')] } }), 'current', /ready/],
  [
    'anything that is not Ready',
    widget({ status: { conditions: [condition('Ready', 'False', 'Provisioning', 'in a minute')] } }),
    'in-progress',
    /Provisioning: in a minute/,
  ],
  [
    'anything whose readiness is unknown',
    widget({ status: { conditions: [condition('Ready', 'Unknown')] } }),
    'in-progress',
    /Unknown/,
  ],
  [
    'anything that is Stalled',
    widget({ status: { conditions: [condition('Ready', 'True'), condition('Stalled', 'True', 'BadSpec', 'no')] } }),
    'failed',
    'BadSpec: no',
  ],
  [
    'anything that is Reconciling',
    widget({ status: { conditions: [condition('Ready', 'True'), condition('Reconciling', 'True', 'Working')] } }),
    'in-progress',
    'Working',
  ],
  [
    'anything whose controller lags',
    widget({ metadata: { generation: 3 }, status: { conditions: [condition('Ready', 'True')] } }),
    'in-progress',
    /has not seen/,
  ],
])('%s', (_, object, status, because) => {
  const answer = statusOfObject(object);
  expect(answer.status).toBe(status);
  expect(answer.because).toMatch(because);
});
