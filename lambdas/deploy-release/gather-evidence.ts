/** Looks at everything that is unwell in a release. What cannot be read is told as a gap: half the evidence is better than none. */

import { clip } from '../../domain/clip.ts';
import { mayHear } from '../../domain/deployment/acting-as.ts';
import { smallCulprit } from '../../domain/deployment/failure.ts';
import { culpritsOf } from '../../domain/evidence/culprits-of.ts';
import { logsWanted } from '../../domain/evidence/logs-wanted.ts';
import { redactLines } from '../../domain/evidence/redact.ts';
import type { ContainerLog, Findings } from '../../domain/evidence/summarise.ts';
import { warningsOf } from '../../domain/evidence/warnings-of.ts';
import type { Place } from '../../domain/items/deployment.ts';
import type { Kube, KubeAnswer, LogQuery } from '../../domain/kube.ts';
import type { SeenRelease } from '../../domain/readiness/verdict.ts';
import type { Cluster } from './deps.ts';
import { lookAtHooks, lookAtObjects } from './look-at-objects.ts';

const MAX_OBJECTS = 50;
const NOTHING: SeenRelease = { objects: [], replicaSets: [], pods: [] };

interface Gathered {
  readonly place: Pick<Place, 'namespace' | 'release'>;
  /** User that helm acted as, if not as the deployer itself. */
  readonly actAs?: string | undefined;
}

/** `unreachable` is the answer only when the cluster says nothing at all. */
export async function gatherEvidence(
  { releases, kube }: Pick<Cluster, 'releases' | 'kube'>,
  { place, actAs }: Gathered,
  now: Date,
): Promise<KubeAnswer<Omit<Findings, 'failure'>>> {
  const history = await releases.history(place.namespace, place.release);
  if (!history.ok && history.code === 'unreachable') return history;
  const latest = history.ok ? history.value.latest : undefined;
  const seen = history.ok ? await lookAtObjects(kube, latest?.objects ?? []) : history;
  const hooks = await lookAtHooks(kube, latest?.hooks ?? []);
  const unwell = culpritsOf(together(seen.ok ? seen.value : NOTHING, hooks.ok ? hooks.value : NOTHING), now);
  const fields = { type: 'Warning' };
  const events = await kube.list({ apiVersion: 'v1', kind: 'Event', namespace: place.namespace, fields });
  const ours = unwell.pods.filter(({ metadata }) => mayHear(actAs, place.namespace, metadata.namespace ?? 'default'));
  const logs = await Promise.all(logsWanted(ours).map((query) => readLog(kube, query)));
  const gaps = [
    seen.ok ? undefined : `objects could not be looked at: ${seen.because}`,
    hooks.ok ? undefined : `hooks could not be looked at: ${hooks.because}`,
    events.ok ? undefined : `events could not be read: ${events.because}`,
    ours.length < unwell.pods.length ? `logs outside of ${place.namespace} are not read for ${actAs}` : undefined,
    ...logs.map(({ gap }) => gap),
  ];
  return {
    ok: true,
    value: {
      objects: unwell.objects.slice(0, MAX_OBJECTS).map(smallCulprit),
      events: events.ok ? warningsOf(events.value, unwell.subjects) : [],
      logs: logs.flatMap(({ log }) => (log === undefined ? [] : [log])),
      gaps: gaps.filter((gap) => gap !== undefined),
    },
  };
}

const together = (one: SeenRelease, other: SeenRelease): SeenRelease => ({
  objects: [...one.objects, ...other.objects],
  replicaSets: [...one.replicaSets, ...other.replicaSets],
  pods: [...one.pods, ...other.pods],
});

async function readLog(kube: Kube, query: LogQuery): Promise<{ log?: ContainerLog; gap?: string }> {
  const { pod, container, previous } = query;
  const answer = await kube.logs(query);
  if (answer.ok) {
    const lines = redactLines(answer.value.slice(-query.lines)).map((line) => clip(line, 2000));
    return lines.length === 0 ? {} : { log: { pod, container, previous, lines } };
  }
  // A container between two lives has no log for a moment: nothing is missing that its other life does not tell.
  const isNormal = answer.code === 'refused' || answer.code === 'not-found';
  return isNormal ? {} : { gap: `the log of ${pod}/${container} could not be read: ${answer.because}` };
}
