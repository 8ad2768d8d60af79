/** Everything of a release that is not as it should be: objects first, then the pods of their newest revision. */
import type { KubeObject } from '../kube.ts';
import type { Culprit } from '../outcome.ts';
import { newPodsOf } from '../readiness/new-pods-of.ts';
import { podTrouble } from '../readiness/pod-trouble.ts';
import { statusOfObject } from '../readiness/status-of-object.ts';
import type { SeenRelease } from '../readiness/verdict.ts';

export interface Unwell {
  readonly objects: readonly Culprit[];
  /** The pods among them, for their logs. */
  readonly pods: readonly KubeObject[];
  /** `uid`s and `Kind/name` of what their events may speak of. */
  readonly subjects: ReadonlySet<string>;
}

/** What is unwell at `now`. Grace is for deciding, not for looking: every trouble shows. */
export function culpritsOf(seen: SeenRelease, now: Date): Unwell {
  const bad = seen.objects.filter(({ found }) => statusOfObject(found).status !== 'current');
  const allPods = bad.flatMap(({ found }) => (found === undefined ? [] : newPodsOf(found, seen)));
  const pods = allPods.filter((pod) => statusOfObject(pod).status !== 'current');
  const isBarePod = (pod: KubeObject) => bad.some(({ found }) => found === pod);
  const sets = seen.replicaSets.filter((set) => allPods.some((pod) => owns(set, pod)));
  const found = bad.flatMap((object) => (object.found === undefined ? [] : [object.found]));
  return {
    objects: [
      ...bad.map(({ ref, found: object }) => ({ ...named(ref), because: troubleOf(object, now) })),
      ...pods
        .filter((pod) => !isBarePod(pod))
        .map((pod) => ({ ...named({ kind: 'Pod', ...pod.metadata }), because: troubleOf(pod, now) })),
    ],
    pods,
    subjects: new Set([
      ...bad.map(({ ref }) => `${ref.kind}/${ref.name}`),
      ...[...found, ...sets, ...pods].flatMap(marksOf),
    ]),
  };
}

function troubleOf(object: KubeObject | undefined, now: Date): string {
  const impatient = { schedulingSeconds: 0, startingSeconds: 0, restarts: 0 };
  const trouble = object?.kind === 'Pod' ? podTrouble(object, now, impatient) : undefined;
  return trouble ?? statusOfObject(object).because;
}

function named({ kind, name, namespace }: { kind: string; name: string; namespace?: string | undefined }) {
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}

function owns(set: KubeObject, pod: KubeObject): boolean {
  return (pod.metadata.ownerReferences ?? []).some(({ uid }) => uid === set.metadata.uid);
}

function marksOf({ kind, metadata }: KubeObject): readonly string[] {
  return [`${kind}/${metadata.name}`, ...(metadata.uid === undefined ? [] : [metadata.uid])];
}
