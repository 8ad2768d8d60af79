/** How to bring a release back to something good: to a revision we saw healthy, or away when nothing ever stood there. */
import type { GoodInputs, ReleaseItem } from '../items/release.ts';
import type { ManifestObject, ReleaseHistory } from './release-history.ts';
import { fenceOf, isStuck } from './stuck-release.ts';

export type RepairWay =
  | { readonly is: 'roll-back'; readonly toRevision: number }
  /** helm has forgotten the good revision: its inputs are applied again. */
  | { readonly is: 're-apply'; readonly good: GoodInputs }
  /** As before; but helm upgrades nothing that stands in mid-operation, so first back to what it applied last. */
  | { readonly is: 'un-stick'; readonly toRevision: number }
  | { readonly is: 'uninstall' }
  | { readonly is: 'none'; readonly because: string };

/** `release` is what is recorded of it; `adopted` names an object that stood there before the first install. */
export function repairWay(
  history: ReleaseHistory,
  release: Pick<ReleaseItem, 'goodRevision' | 'liveRevision' | 'good'> | undefined,
  adopted: string | undefined,
): RepairWay {
  const { goodRevision, liveRevision } = release ?? {};
  if (goodRevision !== undefined) {
    if (isKept(history, goodRevision)) return { is: 'roll-back', toRevision: goodRevision };
    return pruned(history, goodRevision, release?.good);
  }
  if (liveRevision !== undefined && wasApplied(history, liveRevision)) {
    const what = `revision ${liveRevision} was left there by an earlier rollout and was never seen healthy`;
    return none(`${what}, but it may serve people: decide by hand`);
  }
  const older = history.revisions.find((revision) => fenceOf(revision) === undefined);
  if (older !== undefined) {
    return none(`revision ${older.revision} stood there before Fairlead and was never seen healthy: decide by hand`);
  }
  if (adopted !== undefined) {
    return none(
      `the first install took over ${adopted}, which stood there before, so it is not taken away: decide by hand`,
    );
  }
  const volume = history.latest?.objects.find(makesVolumes);
  if (volume !== undefined) {
    return none(`${volume.kind} ${volume.name} makes volumes, so the first install is not taken away: decide by hand`);
  }
  return { is: 'uninstall' };
}

/**
 * A good revision that we did not make (it stood there before, or a person made it) has no inputs of ours; those that
 * were good before it are not what people saw work last, so nobody brings them back unasked.
 */
function pruned({ revisions, latest }: ReleaseHistory, goodRevision: number, good: ReleaseItem['good']): RepairWay {
  const inputs = good?.findLast(({ revision }) => revision === goodRevision);
  const gone = `good revision ${goodRevision} is no longer in helm's history`;
  if (latest !== undefined && isStuck(latest.status)) {
    const applied = revisions.findLast(({ revision, status }) => status === 'deployed' && revision < latest.revision);
    if (applied !== undefined) return { is: 'un-stick', toRevision: applied.revision };
    return none(`${gone}, nor is any other that helm could go back to: decide by hand`);
  }
  if (inputs !== undefined) return { is: 're-apply', good: inputs };
  return none(`${gone}, and its inputs are not on record: start a rollout with other inputs`);
}

/** Whether helm still remembers this revision. */
export function isKept({ revisions }: ReleaseHistory, wanted: number): boolean {
  return revisions.some(({ revision }) => revision === wanted);
}

/** helm calls a revision `deployed` when it was applied, and `superseded` when it was and another came after it. */
function wasApplied({ revisions, latest }: ReleaseHistory, wanted: number): boolean {
  const found = revisions.find(({ revision }) => revision === wanted && revision !== latest?.revision);
  return found?.status === 'deployed' || found?.status === 'superseded';
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates */
function makesVolumes({ kind, spec }: ManifestObject): boolean {
  if (kind === 'PersistentVolumeClaim') return true;
  const templates = kind === 'StatefulSet' ? spec?.['volumeClaimTemplates'] : undefined;
  return Array.isArray(templates) && templates.length > 0;
}

const none = (because: string): RepairWay => ({ is: 'none', because });
