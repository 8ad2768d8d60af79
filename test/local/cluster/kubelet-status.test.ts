import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pretenceOf } from '../../../local/cluster/kubelet-pod.ts';
import { crashLoopAt } from '../../../local/cluster/kubelet-restarts.ts';
import { statusOf } from '../../../local/cluster/kubelet-status.ts';
import { after, aPod } from './pods.ts';

const seen = (over: Parameters<typeof aPod>[0], ms: number) => {
  const pod = statusOf(aPod(over), after(ms));
  if (pod === undefined) throw new Error('nothing to say');
  const [container] = pod.status.containerStatuses ?? [];
  const condition = (type: string) => pod.status.conditions.find((c) => c.type === type);
  return { pod, container, condition, reasons: pod.events.map(({ reason }) => reason) };
};

test.each([
  ['acme/web:crash-loop-back-off', 'crash-loop-back-off'],
  ['registry:5000/acme/web:never-ready@sha256:00', 'never-ready'],
  ['registry:5000/acme/web', 'run'],
  ['acme/web:1.2.0', 'run'],
  ['acme/never-ready:1.2.0', 'run'],
])('the image %s asks for %s', (image, pretence) => {
  expect(pretenceOf(aPod({ image }), image)).toBe(pretence);
});

test('an annotation beats a label, a label beats the tag, and words that mean nothing are not heard', () => {
  const of = (over: Parameters<typeof aPod>[0]) => pretenceOf(aPod(over), 'acme/web:never-ready');
  expect(of({ pretend: 'run', label: 'unschedulable' })).toBe('run');
  expect(of({ label: 'unschedulable' })).toBe('unschedulable');
  expect(of({ pretend: 'explode' })).toBe('never-ready');
});

test('a good pod is ready at once and stays so', () => {
  const { pod, container, condition, reasons } = seen({}, 0);
  expect(pod.status).toMatchObject({ phase: 'Running', startTime: '2026-11-21T10:00:00Z' });
  expect(condition('Ready')).toMatchObject({ status: 'True' });
  expect(container).toMatchObject({
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: '2026-11-21T10:00:00Z' } },
  });
  expect(reasons).toEqual(['Pulled', 'Created', 'Started']);
  expect(pod.changesInMs).toBeUndefined();
});

test('a pod that was just bound starts now', () => {
  const pod = aPod();
  const bound = statusOf({ ...pod, status: { phase: 'Pending' } }, after(5_000));
  expect(bound?.status.startTime).toBe('2026-11-21T10:00:05Z');
});

test("a job's pod runs, then is completed", () => {
  expect(seen({ restartPolicy: 'Never' }, 0).pod).toMatchObject({ status: { phase: 'Running' }, changesInMs: 300 });
  const { pod, container, condition } = seen({ restartPolicy: 'Never' }, 300);
  expect(pod).toMatchObject({ status: { phase: 'Succeeded' }, changesInMs: undefined });
  expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
  expect(container?.state).toMatchObject({ terminated: { exitCode: 0, reason: 'Completed' } });
});

test('a missing image is an error first, then backed off from, and the pod stays pending', () => {
  const first = seen({ pretend: 'image-pull-back-off' }, 0);
  expect(first.container?.state).toMatchObject({ waiting: { reason: 'ErrImagePull' } });
  const later = seen({ pretend: 'image-pull-back-off' }, 400);
  expect(later.pod.status.phase).toBe('Pending');
  expect(later.container).toMatchObject({
    ready: false,
    imageID: '',
    state: { waiting: { reason: 'ImagePullBackOff' } },
  });
  expect(later.container?.state['waiting']?.['message']).toContain('acme/web:1.0.0');
  expect(later.reasons).toEqual(['Pulling', 'Failed', 'Failed', 'BackOff', 'Failed']);
  expect(later.condition('Ready')).toMatchObject({
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [web]',
  });
});

test('a crashing container dies twice at once, then is backed off from with the restart counted', () => {
  expect(seen({ pretend: 'crash-loop-back-off' }, 0).container).toMatchObject({
    restartCount: 0,
    ready: false,
    lastState: {},
  });
  const { pod, container, reasons } = seen({ pretend: 'crash-loop-back-off' }, 700);
  expect(pod.status.phase).toBe('Running');
  expect(container).toMatchObject({
    restartCount: 1,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  });
  expect(container?.state['waiting']?.['message']).toBe(
    'back-off 10s restarting failed container=web pod=web-1_shop(6e0a0b52-0000-4000-8000-000000000000)',
  );
  expect(reasons.at(-1)).toBe('BackOff');
  expect(pod.changesInMs).toBe(9_900);
});

test('the last death of a running life is the one before it', () => {
  const { container } = seen({ pretend: 'crash-loop-back-off' }, 10_700);
  expect(container).toMatchObject({
    restartCount: 2,
    state: { running: { startedAt: '2026-11-21T10:00:10Z' } },
    lastState: { terminated: { finishedAt: '2026-11-21T10:00:00Z' } },
  });
});

test('back-off doubles up to five minutes, and restarts only ever grow', () => {
  const backOffs = new Set<number>();
  for (let ms = 0; ms < 3_600_000; ms += 100) backOffs.add(crashLoopAt(ms).backOffMs);
  expect([...backOffs]).toEqual([0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000]);
  fc.assert(
    fc.property(fc.nat(3_600_000), fc.nat(60_000), (ms, more) => {
      expect(crashLoopAt(ms + more).restarts).toBeGreaterThanOrEqual(crashLoopAt(ms).restarts);
      expect(crashLoopAt(ms).changesInMs).toBeGreaterThan(0);
    }),
  );
});

test('a pod that never gets ready runs, and its probe says why', () => {
  const { pod, container, condition, reasons } = seen({ pretend: 'never-ready' }, 60_000);
  expect(pod).toMatchObject({ status: { phase: 'Running' }, changesInMs: undefined });
  expect(container).toMatchObject({ ready: false, restartCount: 0, state: { running: {} } });
  expect(condition('ContainersReady')).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
  expect(reasons.at(-1)).toBe('Unhealthy');
});

test('a pod that no node takes is not started, and the scheduler says why', () => {
  const { pod, condition } = seen({ pretend: 'unschedulable', node: null, phase: 'Pending' }, 0);
  expect(pod.reporter).toBe('default-scheduler');
  expect(pod.status.containerStatuses).toBeUndefined();
  expect(condition('PodScheduled')).toMatchObject({ status: 'False', reason: 'Unschedulable' });
  expect(pod.events).toMatchObject([{ type: 'Warning', reason: 'FailedScheduling' }]);
});

test('of a pod that waits for its node there is nothing to say', () => {
  expect(statusOf(aPod({ node: null }), after(0))).toBeUndefined();
});

test('the same pod at the same moment always looks the same', () => {
  const pretend = fc.constantFrom('run', 'image-pull-back-off', 'crash-loop-back-off', 'never-ready');
  fc.assert(
    fc.property(pretend, fc.nat(600_000), (word, ms) => {
      const pod = aPod({ pretend: word });
      const now = statusOf(pod, after(ms));
      expect(statusOf(pod, after(ms))).toEqual(now);
      // Nothing changes before it said it would.
      const next = now?.changesInMs;
      if (next !== undefined && next > 1) expect(statusOf(pod, after(ms + next - 1))?.status).toEqual(now?.status);
    }),
  );
});
