import { expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube.ts';
import { podTrouble } from '../../../domain/readiness/pod-trouble.ts';
import { ago, badPod, condition, container, crashLooping, NOW, pod, waiting } from '../../support/kube-objects.ts';

const unschedulable = (seconds: number) =>
  pod('p', undefined, {
    metadata: { creationTimestamp: ago(seconds) },
    status: {
      phase: 'Pending',
      containerStatuses: [],
      conditions: [condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available: 3 Insufficient cpu.')],
    },
  });
const bad = (status: ReturnType<typeof container>, seconds = 60) =>
  badPod('p', undefined, status, { creationTimestamp: ago(seconds) });

test.each<[string, KubeObject]>([
  ['a pod that is well', pod('p', undefined)],
  ['a container that starts', bad(waiting('ContainerCreating'))],
  ['a container that runs but is not ready', bad(container({ ready: false }))],
  ['a container that restarted once', bad(waiting('CrashLoopBackOff', { restartCount: 1 }))],
  ['a container that runs again after its restarts', bad(container({ ready: false, restartCount: 4 }))],
  ['an image that could not be had a moment ago', bad(waiting('ErrImagePull'), 4)],
  ['configuration that is missing since a moment', bad(waiting('CreateContainerConfigError'), 4)],
  ['a pod that finds no node yet', unschedulable(60)],
  ['a crashing pod on its way out', badPod('p', undefined, crashLooping, { deletionTimestamp: ago(1) })],
])('%s is no trouble', (_, seen) => {
  expect(podTrouble(seen, NOW)).toBeUndefined();
});

test.each<[string, KubeObject, string]>([
  [
    'a container that crashes again and again',
    bad(crashLooping),
    'container web crashes again and again (CrashLoopBackOff, 2 restarts, last exit code 1)',
  ],
  [
    'a container that is killed for its memory',
    bad(
      waiting('CrashLoopBackOff', {
        restartCount: 5,
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      }),
    ),
    'container web crashes again and again (CrashLoopBackOff, 5 restarts, last exit code 137 OOMKilled)',
  ],
  [
    'an image that cannot be had',
    bad(waiting('ImagePullBackOff')),
    'container web cannot start (ImagePullBackOff): said with ImagePullBackOff',
  ],
  [
    'an image that cannot be had, between two tries',
    bad(waiting('ErrImagePull')),
    'container web cannot start (ErrImagePull): said with ErrImagePull',
  ],
  [
    'an image without a valid name, at once',
    bad(waiting('InvalidImageName'), 1),
    'container web cannot start (InvalidImageName): said with InvalidImageName',
  ],
  [
    'configuration that is missing',
    bad(waiting('CreateContainerConfigError')),
    'container web cannot start (CreateContainerConfigError): said with CreateContainerConfigError',
  ],
  ['a pod that no node takes', unschedulable(121), 'no node takes it: 0/3 nodes are available: 3 Insufficient cpu.'],
  [
    'a container that initialises and crashes',
    pod('p', undefined, {
      status: {
        phase: 'Pending',
        initContainerStatuses: [{ ...crashLooping, name: 'init' }],
        containerStatuses: [waiting('PodInitializing')],
      },
    }),
    'container init crashes again and again (CrashLoopBackOff, 2 restarts, last exit code 1)',
  ],
])('%s is trouble', (_, seen, because) => {
  expect(podTrouble(seen, NOW)).toBe(because);
});

test('graces are the caller’s', () => {
  expect(podTrouble(unschedulable(20), NOW, { schedulingSeconds: 15, startingSeconds: 10, restarts: 1 })).toMatch(
    /no node/,
  );
  const once = bad(waiting('CrashLoopBackOff', { restartCount: 1 }));
  expect(podTrouble(once, NOW, { schedulingSeconds: 15, startingSeconds: 10, restarts: 0 })).toMatch(/crashes/);
});
