/** Objects that leave the release: which of them helm would delete, and whether it may. */
import type { ObjectRef } from '../../../domain/kube.ts';
import type { ObjectChange, PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { isKept } from '../../../domain/plan-diff/gone-objects.ts';
import { addressed, objectName } from '../../../domain/plan-diff/object-name.ts';
import type { PreviewSight } from '../../../domain/plan-diff/preview-sight.ts';

export interface TakenAway {
  readonly changes: readonly ObjectChange[];
  readonly problems: readonly PlanProblem[];
}

/** What goes with them is gone for good, as far as Kubernetes is concerned. */
const WITH_CONTENT = ['PersistentVolumeClaim', 'PersistentVolume', 'Namespace', 'CustomResourceDefinition'];

/** Those that are not there any more are passed over. @param own namespace of the release */
export async function takeAway(sight: PreviewSight, gone: readonly ObjectRef[], own: string): Promise<TakenAway> {
  const all = await Promise.all(gone.map((ref) => takeOne(sight, ref, own)));
  return { changes: all.flatMap(({ changes }) => changes), problems: all.flatMap(({ problems }) => problems) };
}

async function takeOne(sight: PreviewSight, ref: ObjectRef, own: string): Promise<TakenAway> {
  const address = addressed(ref, own);
  const name = objectName(address);
  const found = await sight.kube.get(ref, { metadataOnly: true });
  if (!found.ok) return { changes: [], problems: unseen(found, name) };
  const change = { ...address, fields: [] };
  if (isKept(found.value)) return { changes: [{ ...change, change: 'leave' }], problems: [] };
  const loses = WITH_CONTENT.includes(ref.kind) ? ', and all that it holds' : '';
  const deletion: PlanProblem = {
    code: 'deletion',
    blocks: false,
    because: `it would be deleted${loses}`,
    object: name,
  };
  const forbidden = await mayNot(sight, ref, name);
  return { changes: [{ ...change, change: 'delete' }], problems: [deletion, ...forbidden] };
}

/** A kind that the cluster has not any more took its objects with it. */
function unseen(failure: { readonly code: string; readonly because: string }, object: string): readonly PlanProblem[] {
  const { code, because } = failure;
  if (code === 'not-found') return [];
  if (code === 'unreachable') return [{ code, blocks: true, because, outcome: code }];
  return [{ code: 'forbidden', blocks: true, because, object, outcome: 'forbidden' }];
}

async function mayNot(sight: PreviewSight, ref: ObjectRef, object: string): Promise<readonly PlanProblem[]> {
  const place = await sight.placeOf(ref.apiVersion, ref.kind);
  if (!place.ok) return [];
  const { group, resource } = place.value;
  const allowed = await sight.may({ verb: 'delete', group, resource, namespace: ref.namespace, name: ref.name });
  if (!allowed.ok || allowed.value) return [];
  const because = `the deployer may not delete ${resource} in namespace ${ref.namespace ?? ''}`;
  return [{ code: 'forbidden', blocks: true, because, object, outcome: 'forbidden' }];
}
