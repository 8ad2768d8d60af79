/** What the cluster itself complained about: events of type Warning that speak of what is unwell. */
import { clip } from '../clip.ts';
import { numberAt, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';
import { redact } from './redact.ts';

/** As the evidence keeps it. */
export interface Warning {
  readonly at?: string;
  readonly type: string;
  readonly reason: string;
  /** `Kind name` */
  readonly object: string;
  readonly message: string;
  readonly count?: number;
}

const MAX_WARNINGS = 100;

/** The latest 100 about `subjects` (`uid` or `Kind/name`), oldest first (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). */
export function warningsOf(events: readonly KubeObject[], subjects: ReadonlySet<string>): readonly Warning[] {
  return events
    .filter((event) => textAt(event, 'type') === 'Warning' && isAbout(event, subjects))
    .map(warning)
    .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1))
    .slice(-MAX_WARNINGS);
}

function isAbout(event: KubeObject, subjects: ReadonlySet<string>): boolean {
  const uid = textAt(event, 'involvedObject', 'uid');
  // A name is given again to whatever comes next, a uid never is: where there is one, it alone decides for pods.
  if (uid !== undefined && subjects.has(uid)) return true;
  const kind = textAt(event, 'involvedObject', 'kind') ?? '';
  return (
    (uid === undefined || kind !== 'Pod') && subjects.has(`${kind}/${textAt(event, 'involvedObject', 'name') ?? ''}`)
  );
}

function warning(event: KubeObject): Warning {
  const at = textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp;
  const count = numberAt(event, 'count');
  const kind = textAt(event, 'involvedObject', 'kind') ?? '';
  const name = textAt(event, 'involvedObject', 'name') ?? '';
  return {
    ...(at !== undefined && { at }),
    type: 'Warning',
    reason: textAt(event, 'reason') ?? '',
    object: `${kind} ${name}`,
    message: clip(redact(textAt(event, 'message') ?? ''), 1000),
    ...(count !== undefined && { count }),
  };
}
