/** How to bring a release back to something good: to a revision we saw healthy, or away when nothing ever stood there. */
import type { ReleaseItem } from '../items/release.ts';
import type { ManifestObject, ReleaseHistory } from './release-history.ts';
import { fenceOf } from './stuck-release.ts';

export type RepairWay =
  | { readonly is: 'roll-back'; readonly toRevision: number }
  | { readonly is: 'uninstall' }
  | { readonly is: 'none'; readonly because: string };

/** `release` is what is recorded of it; `adopted` names an object that stood there before the first install. */
export function repairWay(
  history: ReleaseHistory,
  release: Pick<ReleaseItem, 'goodRevision' | 'liveRevision'> | undefined,
  adopted: string | undefined,
): RepairWay {
  const { goodRevision, liveRevision } = release ?? {};
  if (goodRevision !== undefined) {
    if (isKept(history, goodRevision)) return { is: 'roll-back', toRevision: goodRevision };
    return none(`good revision ${goodRevision} is no longer in helm's history: start a rollout with other inputs`);
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
