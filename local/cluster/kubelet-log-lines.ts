import { type Pod, pretenceOf, runsToItsEnd } from './kubelet-pod.ts';
import { LIFE_MS } from './kubelet-restarts.ts';

/** A line that a container wrote. */
export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/**
 * What a container wrote in one life, from its birth (milliseconds since the epoch) on: the words of a small web service that runs, waits for its database,
 * or dies of its absence. undefined when it never ran.
 */
export function logLines(pod: Pod, container: { name: string; image: string }, bornMs: number): LogLine[] | undefined {
  const { name, image } = container;
  const lines = (...texts: string[]) =>
    texts.map((text, i) => ({ atMs: bornMs + Math.floor((LIFE_MS * i) / texts.length), text }));
  const hello = [
    `INFO  starting ${name} from ${image}`,
    `INFO  pod ${pod.metadata.name}, namespace ${pod.metadata.namespace}`,
  ];
  const database = `${name}-db.${pod.metadata.namespace}.svc:5432`;
  const refused = `dial tcp: connect ${database}: connection refused`;
  switch (pretenceOf(pod, image)) {
    case 'image-pull-back-off':
    case 'unschedulable':
      return undefined;
    case 'crash-loop-back-off':
      return lines(
        ...hello,
        `INFO  connecting to database ${database}`,
        `WARN  attempt 1 of 3: ${refused}`,
        `WARN  attempt 2 of 3: ${refused}`,
        `ERROR attempt 3 of 3: ${refused}`,
        `FATAL no database after 3 attempts, giving up`,
        `exit status 1`,
      );
    case 'never-ready':
      return lines(
        ...hello,
        'INFO  listening on :8080',
        `WARN  GET /ready 503: ${refused}`,
        `WARN  GET /ready 503: ${refused}`,
      );
    default:
      return runsToItsEnd(pod)
        ? lines(...hello, 'INFO  work begins', 'INFO  work done')
        : lines(...hello, 'INFO  listening on :8080', 'INFO  ready');
  }
}

/** The query of `GET /containerLogs/…`, as the API server passes it on. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod */
export interface LogQuery {
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly timestamps?: boolean;
  readonly sinceMs?: number;
}

/** The body of a log answer. */
export function logText(
  lines: readonly LogLine[],
  { tailLines, limitBytes, timestamps = false, sinceMs = 0 }: LogQuery,
): string {
  const since = lines.filter(({ atMs }) => atMs >= sinceMs);
  const tail = tailLines === undefined ? since : since.slice(Math.max(0, since.length - tailLines));
  const text = tail
    .map((line) => `${timestamps ? `${new Date(line.atMs).toISOString()} ` : ''}${line.text}\n`)
    .join('');
  return limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString();
}
