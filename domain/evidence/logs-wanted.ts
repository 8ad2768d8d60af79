/** Whose last words are worth reading? Containers that are not ready, and what they said before their latest restart. */
import { at, numberAt, textAt } from '../json.ts';
import type { KubeObject, LogQuery } from '../kube.ts';
import { containerStatuses } from '../readiness/pod-trouble.ts';

/** Twice that with their previous lives: what the evidence has room for. */
const MAX_CONTAINERS = 10;
const LINES = 50;

/** The logs to ask for. Pods alike say alike things, so one container of each name per owner is asked first. */
export function logsWanted(pods: readonly KubeObject[]): readonly LogQuery[] {
  const bad = pods.flatMap((pod) =>
    containerStatuses(pod)
      .filter(isBad)
      .map((container) => ({ pod, container })),
  );
  const firsts = bad.filter((one, i) => bad.findIndex((other) => familyOf(other) === familyOf(one)) === i);
  const others = bad.filter((one) => !firsts.includes(one));
  return [...firsts, ...others].slice(0, MAX_CONTAINERS).flatMap(({ pod, container }) => {
    const { name, namespace = 'default' } = pod.metadata;
    const query = { namespace, pod: name, container: textAt(container, 'name') ?? '', lines: LINES };
    const hasRestarted = (numberAt(container, 'restartCount') ?? 0) > 0;
    return [{ ...query, previous: false }, ...(hasRestarted ? [{ ...query, previous: true }] : [])];
  });
}

/** Not ready, not simply done, and started at least once: what never started never said anything. */
function isBad(container: unknown): boolean {
  const isDone = numberAt(container, 'state', 'terminated', 'exitCode') === 0;
  const hasSpoken = textAt(container, 'containerID') !== undefined || at(container, 'state', 'running') !== undefined;
  return at(container, 'ready') !== true && !isDone && hasSpoken;
}

function familyOf({ pod, container }: { pod: KubeObject; container: unknown }): string {
  return `${pod.metadata.ownerReferences?.[0]?.uid ?? pod.metadata.name}/${textAt(container, 'name')}`;
}
