import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube.ts';
import { newPodsOf } from '../../../domain/readiness/new-pods-of.ts';
import { verdictOn } from '../../../domain/readiness/verdict.ts';
import {
  badPod,
  condition,
  crashLooping,
  daemonSet,
  deployment,
  job,
  NOW,
  pod,
  ref,
  replicaSet,
  service,
  statefulSet,
  stuckDeployment,
} from '../../support/kube-objects.ts';

const web = stuckDeployment();
const oldSet = replicaSet('web-old', '3', web);
const newSet = replicaSet('web-new', '4', web);
const seen = (objects: readonly KubeObject[], pods: readonly KubeObject[] = []) => ({
  objects: objects.map((found) => ({ ref: ref(found), found })),
  replicaSets: [oldSet, newSet],
  pods,
});

describe('whose pods speak', () => {
  const names = (pods: readonly KubeObject[]) => pods.map(({ metadata }) => metadata.name);

  test('a Deployment by the pods of its newest ReplicaSet', () => {
    const kin = {
      replicaSets: [oldSet, newSet],
      pods: [pod('old', oldSet), pod('new', newSet), pod('stranger', undefined)],
    };
    expect(names(newPodsOf(web, kin))).toEqual(['new']);
  });

  test('a Deployment by none while its controller has not seen the newest spec', () => {
    const behind = stuckDeployment({ metadata: { generation: 3 } });
    expect(newPodsOf(behind, { replicaSets: [newSet], pods: [pod('new', newSet)] })).toEqual([]);
  });

  test('a StatefulSet by the pods of its update revision', () => {
    const queue = statefulSet({ status: { currentRevision: 'queue-a' } });
    const of = (hash: string) => ({ metadata: { labels: { 'controller-revision-hash': hash } } });
    const pods = [pod('queue-0', queue, of('queue-a')), pod('queue-2', queue, of('queue-b'))];
    expect(names(newPodsOf(queue, { replicaSets: [], pods }))).toEqual(['queue-2']);
  });

  test('a DaemonSet by the pods of its newest template', () => {
    const agent = daemonSet();
    const of = (generation: string) => ({ metadata: { labels: { 'pod-template-generation': generation } } });
    const pods = [pod('agent-x', agent, of('1')), pod('agent-y', agent, of('2'))];
    expect(names(newPodsOf(agent, { replicaSets: [], pods }))).toEqual(['agent-y']);
  });
});

describe('the verdict', () => {
  test('all objects as they should be are ready', () => {
    expect(verdictOn(seen([deployment(), service(), job()]), NOW)).toEqual({
      verdict: 'ready',
      because: 'all 3 objects are as they should be',
    });
  });

  test('a release without objects is ready', () => {
    expect(verdictOn(seen([]), NOW).verdict).toBe('ready');
  });

  test('an object that is missing is waited for', () => {
    const missing = { objects: [{ ref: ref(service()) }], replicaSets: [], pods: [] };
    expect(verdictOn(missing, NOW)).toMatchObject({
      verdict: 'not-yet',
      objects: [{ kind: 'Service', name: 'web', namespace: 'web', because: 'it does not exist' }],
    });
  });

  test('a crash-looping new pod fails the release, and is named', () => {
    expect(verdictOn(seen([web, service()], [badPod('new', newSet, crashLooping)]), NOW)).toEqual({
      verdict: 'failed',
      because: expect.stringMatching(/^Pod web\/new: container web crashes again and again .* \(and 1 more\)$/),
      objects: [
        { kind: 'Deployment', name: 'web', namespace: 'web', because: '1 of 2 replicas are new' },
        { kind: 'Pod', name: 'new', namespace: 'web', because: expect.stringMatching(/CrashLoopBackOff/) },
      ],
    });
  });

  test('a crash-looping pod of the release before does not fail the one that replaces it', () => {
    const verdict = verdictOn(seen([web], [badPod('old', oldSet, crashLooping), pod('new', newSet)]), NOW);
    expect(verdict.verdict).toBe('not-yet');
  });

  test('bad news beats waiting', () => {
    const dead = job({
      status: { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'no more tries')] },
    });
    expect(verdictOn(seen([web, dead]), NOW)).toMatchObject({
      verdict: 'failed',
      objects: [{ kind: 'Job', name: 'migrate' }],
    });
  });

  test('a bare pod in trouble is named once', () => {
    const bare = badPod('bare', undefined, crashLooping);
    expect(verdictOn(seen([bare]), NOW)).toMatchObject({ verdict: 'failed', objects: [{ kind: 'Pod', name: 'bare' }] });
  });

  test('a workload that has all it wants is current, whatever a dying pod of it does', () => {
    const well = deployment();
    const set = replicaSet('web-new', '4', well);
    const all = { ...seen([well], [badPod('gone', set, crashLooping)]), replicaSets: [set] };
    expect(verdictOn(all, NOW).verdict).toBe('ready');
  });
});
