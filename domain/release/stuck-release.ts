/**
 * A release that stands `pending-*` or `uninstalling`: is somebody at work there, or did a process of ours die?
 * Ours is only what matches the operation that the lease recorded, and only once that operation is over.
 */
import type { Operation } from '../items/release.ts';
import type { ReleaseHistory, RevisionSummary } from './release-history.ts';

/** The label that helm's `--labels` puts on a revision; helm hands it on to later ones, so it proves nothing alone. */
const FENCE_LABEL = 'fairlead.dev/fence';

/** As we write fences. Longer ones would be beyond what can be counted on from exactly. */
const COUNTED = /^\d{1,15}$/;

/** The latest revision, if anything was ever installed and not taken away. */
export function standingOf({ latest }: ReleaseHistory): RevisionSummary | undefined {
  return latest?.status === 'uninstalled' ? undefined : latest;
}

/** The fence that a revision is labelled with; undefined when it never was ours. */
export function fenceOf({ labels }: Pick<RevisionSummary, 'labels'>): number | undefined {
  const { [FENCE_LABEL]: label = '' } = labels;
  return COUNTED.test(label) ? Number(label) : undefined;
}

export type StuckAnswer =
  | { readonly is: 'settled' }
  /** A process of ours ended in mid-operation: repair it. */
  | { readonly is: 'ours'; readonly because: string }
  | { readonly is: 'foreign'; readonly because: string };

/** Judges what stands there by the lease's last operation, which is over and not yet replaced by a claim of this invocation. */
export function judgeStuck(standing: RevisionSummary | undefined, operation: Operation | undefined): StuckAnswer {
  if (standing === undefined || !isStuck(standing.status)) return { is: 'settled' };
  const what = `revision ${standing.revision} stands ${standing.status}`;
  if (operation !== undefined && matches(standing, operation)) {
    return { is: 'ours', because: `${what}: our ${operation.kind} (fence ${operation.fence}) was cut off there` };
  }
  return {
    is: 'foreign',
    because: `${what}, and no operation of ours: a person or another tool is at work there; finish or roll back by its own means, then start again`,
  };
}

/** https://github.com/helm/helm/blob/main/pkg/release/common/status.go */
export function isStuck(status: string): boolean {
  return status.startsWith('pending-') || status === 'uninstalling';
}

/**
 * Upgrades and installs carry the fence; helm's rollback and uninstall carry no labels of their own, so there only
 * revision and status can tell. Those three may have died before they changed anything: then what they were to take
 * back stands there as it was when they were claimed, and it was ours then.
 */
function matches(standing: RevisionSummary, { kind, expectedRevision, fence }: Operation): boolean {
  const { revision, status } = standing;
  switch (kind) {
    case 'apply':
    case 're-apply':
      return /^pending-(install|upgrade)$/.test(status) && revision === expectedRevision && fenceOf(standing) === fence;
    case 'roll-back':
      if (revision === expectedRevision) return status === 'pending-rollback';
      return revision === expectedRevision - 1 && status !== 'uninstalling';
    case 'uninstall':
      return revision === expectedRevision;
    case 'repair':
      return revision === expectedRevision ? status === 'pending-rollback' : revision === expectedRevision - 1;
  }
}
