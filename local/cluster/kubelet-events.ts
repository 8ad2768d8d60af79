import { createHash } from 'node:crypto';
import type { PodEvent } from './kubelet-container.ts';
import { NODE_NAME } from './kubelet-node.ts';
import type { Pod } from './kubelet-pod.ts';

/** The core/v1 Event of something that happened to a pod. The same thing has the same name, so reporting it twice is refused as existing. */
export function eventOf(pod: Pod, { type, reason, message }: PodEvent, reporter: string, now: Date) {
  const { name, namespace, uid } = pod.metadata;
  const id = createHash('sha256').update(`${uid}\n${reason}\n${message}`).digest('hex').slice(0, 16);
  const at = `${now.toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${id}`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    type,
    reason,
    message,
    source: reporter === 'kubelet' ? { component: reporter, host: NODE_NAME } : { component: reporter },
    reportingComponent: reporter,
    reportingInstance: reporter === 'kubelet' ? NODE_NAME : '',
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}
