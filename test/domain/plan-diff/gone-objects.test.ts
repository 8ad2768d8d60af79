import { expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube.ts';
import { comparedRevision, goneObjects, isKept, isOfRelease } from '../../../domain/plan-diff/gone-objects.ts';

const ref = (apiVersion: string, kind: string, name: string, namespace = 'web') => ({
  apiVersion,
  kind,
  name,
  namespace,
});
const object = (annotations: Record<string, string>, labels: Record<string, string> = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: { name: 'a', annotations, labels },
});

test('what is not rendered any more goes; another version of its kind does not make it another object', () => {
  const held = [
    ref('v1', 'Service', 'a'),
    ref('autoscaling/v1', 'HorizontalPodAutoscaler', 'a'),
    ref('v1', 'Service', 'b'),
  ];
  const rendered = [
    ref('v1', 'Service', 'a'),
    ref('autoscaling/v2', 'HorizontalPodAutoscaler', 'a'),
    ref('v1', 'Service', 'b', 'other'),
  ];
  expect(goneObjects(held, rendered)).toEqual([ref('v1', 'Service', 'b')]);
});

test.each([
  ['keep', true],
  [' Keep ', true],
  ['delete', false],
])('resource-policy %s', (policy, kept) => {
  expect(isKept(object({ 'helm.sh/resource-policy': policy }))).toBe(kept);
});

test('only what helm marked as of this release is of it', () => {
  const place = { namespace: 'web', release: 'webui' };
  const marks = { 'meta.helm.sh/release-name': 'webui', 'meta.helm.sh/release-namespace': 'web' };
  const managed = { 'app.kubernetes.io/managed-by': 'Helm' };
  expect(isOfRelease(object(marks, managed), place)).toBe(true);
  expect(isOfRelease(object(marks), place)).toBe(false);
  expect(isOfRelease(object({ ...marks, 'meta.helm.sh/release-name': 'other' }, managed), place)).toBe(false);
});

const history = (...statuses: string[]) => {
  const revisions = statuses.map((status, index) => ({
    revision: index + 1,
    status: status as 'deployed',
    labels: {},
  }));
  const last = revisions.at(-1);
  const more = { description: '', chart: { name: 'a', version: '1' }, objects: [], hooks: [] };
  return { revisions, ...(last !== undefined && { latest: { ...last, ...more } }) };
};

test.each([
  [[], undefined],
  [['deployed'], 1],
  [['superseded', 'deployed', 'failed'], 2],
  [['deployed', 'pending-upgrade'], 1],
  [['failed'], 1],
  [['superseded', 'uninstalled'], undefined],
])('of revisions %j helm compares with %s', (statuses, revision) => {
  expect(comparedRevision(history(...statuses))).toBe(revision);
});
