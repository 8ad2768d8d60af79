/** Is a release ready, and if not, may it still become so? All its objects and the pods of their newest revision decide. */
import { type KubeObject, nameOf, type ObjectRef } from '../kube.ts';
import type { Culprit } from '../outcome.ts';
import { type Kin, newPodsOf } from './new-pods-of.ts';
import { GRACES, type Graces, podTrouble } from './pod-trouble.ts';
import { statusOfObject } from './status-of-object.ts';

/** One object of the release as it is in the cluster; without `found` it is not there. */
export interface SeenObject {
  readonly ref: ObjectRef;
  readonly found?: KubeObject | undefined;
}

export interface SeenRelease extends Kin {
  readonly objects: readonly SeenObject[];
}

export type Verdict =
  | { readonly verdict: 'ready'; readonly because: string }
  /** `objects` are those it waits for. */
  | { readonly verdict: 'not-yet'; readonly because: string; readonly objects: readonly Culprit[] }
  /** `objects` will not get ready by themselves. */
  | { readonly verdict: 'failed'; readonly because: string; readonly objects: readonly Culprit[] };

/** Bad news beats waiting: one object that cannot get ready decides, however well the others do. */
export function verdictOn(seen: SeenRelease, now: Date, graces: Graces = GRACES): Verdict {
  const judged = seen.objects.map((object) => ({ ref: object.ref, ...judge(object, seen, now, graces) }));
  const bad = judged.filter(({ status }) => status === 'failed').flatMap(({ culprits }) => culprits);
  if (bad.length > 0) return { verdict: 'failed', because: sentence(bad), objects: bad };
  const waiting = judged.filter(({ status }) => status === 'waiting').flatMap(({ culprits }) => culprits);
  if (waiting.length > 0) return { verdict: 'not-yet', because: sentence(waiting), objects: waiting };
  const n = judged.length;
  return {
    verdict: 'ready',
    because: n === 1 ? 'its one object is as it should be' : `all ${n} objects are as they should be`,
  };
}

interface Judged {
  readonly status: 'current' | 'waiting' | 'failed';
  readonly culprits: readonly Culprit[];
}

function judge({ ref, found }: SeenObject, kin: Kin, now: Date, graces: Graces): Judged {
  const { status, because } = statusOfObject(found);
  const itself = culprit(ref, because);
  if (status === 'current') return { status, culprits: [] };
  const pods = found === undefined ? [] : newPodsOf(found, kin);
  const troubled = pods.flatMap((pod) => {
    const trouble = podTrouble(pod, now, graces);
    return trouble === undefined ? [] : [culprit({ kind: 'Pod', ...pod.metadata }, trouble)];
  });
  // The pod says why; the workload above it says how many are missing.
  const others = troubled.filter(({ kind, name }) => kind !== ref.kind || name !== ref.name);
  if (troubled.length > 0) return { status: 'failed', culprits: others.length > 0 ? [itself, ...others] : troubled };
  return { status: status === 'failed' ? 'failed' : 'waiting', culprits: [itself] };
}

function culprit({ kind, name, namespace }: Pick<ObjectRef, 'kind' | 'name' | 'namespace'>, because: string): Culprit {
  return { kind, name, ...(namespace !== undefined && { namespace }), because };
}

/** The most telling culprit in one sentence, and how many more there are. */
function sentence(culprits: readonly Culprit[]): string {
  const telling = culprits.find(({ kind }) => kind === 'Pod') ?? culprits[0];
  if (telling === undefined) return 'nothing is known';
  const more = culprits.length - 1;
  return `${nameOf(telling)}: ${telling.because}${more === 0 ? '' : ` (and ${more} more)`}`;
}
