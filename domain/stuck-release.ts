/**
 * A release that stands `pending-*` or `uninstalling`: is somebody at work there, or did a process of ours die?
 * Ours is only what matches the operation that the lease recorded, and only once that operation is over.
 */
import type { Operation } from './items.ts';

/** The latest revision of a release, as helm's storage has it. */
export interface Standing {
  readonly revision: number;
  readonly status: string;
  /** The label `fairlead.dev/fence`; helm hands it on to later revisions, so it proves nothing alone. */
  readonly fence?: number | undefined;
}

export type StuckAnswer =
  | { readonly is: 'settled' }
  /** A process of ours ended in mid-operation: repair it. */
  | { readonly is: 'ours'; readonly because: string }
  | { readonly is: 'foreign'; readonly because: string };

/** Judges what stands there by the lease's last operation, which is over and not yet replaced by a claim of this invocation. */
export function judgeStuck(standing: Standing | undefined, operation: Operation | undefined): StuckAnswer {
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
 * Upgrades and installs carry the fence; helm's rollback and uninstall carry no labels of their own, so there
 * only revision and status can tell. A repair may have died before or after it changed the status.
 */
function matches({ revision, status, fence }: Standing, operation: Operation): boolean {
  const { kind, expectedRevision } = operation;
  switch (kind) {
    case 'apply':
      return /^pending-(install|upgrade)$/.test(status) && revision === expectedRevision && fence === operation.fence;
    case 'roll-back':
      return status === 'pending-rollback' && revision === expectedRevision;
    case 'uninstall':
      return status === 'uninstalling' && revision === expectedRevision;
    case 'repair':
      return revision === expectedRevision ? status === 'pending-rollback' : revision === expectedRevision - 1;
  }
}
