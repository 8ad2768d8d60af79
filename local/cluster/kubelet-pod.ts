import * as z from 'zod';

const Container = z.object({ name: z.string(), image: z.string().default('') });

/** As much of a Pod as a pretend kubelet reads. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string().optional(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).default('Always'),
    containers: z.array(Container).min(1),
    initContainers: z.array(Container).default([]),
  }),
  status: z
    .object({ phase: z.string().default('Pending'), startTime: z.string().optional() })
    .default({ phase: 'Pending' }),
});
export type Pod = z.infer<typeof Pod>;

/** How a pod is to behave: well, or badly in one of four ways. */
export type Pretence = 'run' | 'image-pull-back-off' | 'crash-loop-back-off' | 'never-ready' | 'unschedulable';

const PRETENCES: readonly Pretence[] = [
  'run',
  'image-pull-back-off',
  'crash-loop-back-off',
  'never-ready',
  'unschedulable',
];
/** Label or annotation of a pod (or of the template that makes it) that asks for a pretence. */
export const PRETEND_KEY = 'fairlead.dev/pretend';

const pretenceNamed = (text: string | undefined): Pretence | undefined =>
  PRETENCES.find((pretence) => pretence === text);

/** The tag of an image reference: `10` of `registry:5000/web:10@sha256:…`. */
function tagOf(image: string): string | undefined {
  const [reference = ''] = image.split('@');
  return /:([^:/]+)$/.exec(reference)?.[1];
}

/** What a container does: what its pod's annotation or label asks for, else what its image's tag names, else run. */
export function pretenceOf(pod: Pod, image: string): Pretence {
  const { annotations, labels } = pod.metadata;
  return (
    pretenceNamed(annotations[PRETEND_KEY]) ??
    pretenceNamed(labels[PRETEND_KEY]) ??
    pretenceNamed(tagOf(image)) ??
    'run'
  );
}

/** Whether no node takes the pod. */
export function isUnschedulable(pod: Pod): boolean {
  return pod.spec.containers.some(({ image }) => pretenceOf(pod, image) === 'unschedulable');
}

/** Whether its containers end by themselves: pods of Jobs, which may not restart always. */
export function runsToItsEnd(pod: Pod): boolean {
  return pod.spec.restartPolicy !== 'Always';
}
