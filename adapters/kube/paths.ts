/** Paths of the Kubernetes API; every name in them is encoded. */
import type { LogQuery } from '../../domain/kube.ts';
import type { ApiResource } from './discover.ts';

/** More of a log is not asked for. */
export const MAX_LOG_BYTES = 256 * 1024;

/** Where the objects of a kind are: in `namespace`, or everywhere. */
export function folderOf({ base, plural, namespaced }: ApiResource, namespace: string | undefined): string {
  if (!namespaced || namespace === undefined) return `${base}/${plural}`;
  return `${base}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

/** The log of one container, from its end. */
export function logPath({ namespace, pod, container, previous, lines }: LogQuery): string {
  const params = new URLSearchParams({
    container,
    tailLines: String(lines),
    limitBytes: String(MAX_LOG_BYTES),
    ...(previous ? { previous: 'true' } : {}),
  });
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${params}`;
}
