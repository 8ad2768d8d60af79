import { type LogQuery, logLines, logText } from './kubelet-log-lines.ts';
import { type Pod, pretenceOf } from './kubelet-pod.ts';
import { crashLoopAt } from './kubelet-restarts.ts';

/** What the kubelet answers to a request for logs. A container that `goesOn` may be followed. */
export interface LogAnswer {
  readonly status: 200 | 400 | 404;
  readonly text: string;
  readonly goesOn: boolean;
}

/**
 * The answer to `GET /containerLogs/NAMESPACE/POD/CONTAINER?QUERY` in the words of a real kubelet (pkg/kubelet/kubelet_pods.go, `validateContainerLogStatus`).
 * @param pod the pod of that name, if there is one.
 */
export function logAnswer(pod: Pod | undefined, containerName: string, query: URLSearchParams, now: Date): LogAnswer {
  const refuse = (status: 400 | 404, text: string): LogAnswer => ({ status, text, goesOn: false });
  if (pod === undefined) return refuse(404, 'pod does not exist');
  const container = [...pod.spec.containers, ...pod.spec.initContainers].find(({ name }) => name === containerName);
  const where = `container "${containerName}" in pod "${pod.metadata.name}"`;
  if (container === undefined) return refuse(400, `${where} is not available`);
  if (pod.status.startTime === undefined) return refuse(400, `${where} is waiting to start: ContainerCreating`);
  const startedMs = Date.parse(pod.status.startTime);
  const crashes = pretenceOf(pod, container.image) === 'crash-loop-back-off';
  const loop = crashLoopAt(now.getTime() - startedMs);
  const previous = query.get('previous') === 'true';
  // While backing off, the last life is the previous one too; a container that never died has none.
  const hasPrevious = crashes && (loop.state === 'backing-off' || loop.restarts > 0);
  if (previous && !hasPrevious) return refuse(400, `previous terminated ${where} not found`);
  const lines = logLines(pod, container, startedMs + (crashes ? loop.bornMs : 0));
  if (lines === undefined) return refuse(400, `${where} is waiting to start: trying and failing to pull image`);
  return {
    status: 200,
    text: logText(lines, logQuery(query, now)),
    goesOn: !crashes && pod.status.phase === 'Running',
  };
}

function logQuery(query: URLSearchParams, now: Date): LogQuery {
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const tailLines = number('tailLines');
  const limitBytes = number('limitBytes');
  const sinceSeconds = number('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const sinceMs =
    sinceTime !== null ? Date.parse(sinceTime) : sinceSeconds !== undefined ? now.getTime() - sinceSeconds * 1000 : 0;
  return {
    timestamps: query.get('timestamps') === 'true',
    sinceMs,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
}
