/**
 * Which objects does a release hold now that it would not hold then? helm takes them away, unless they say that they are to be kept
 * (https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource).
 */
import type { KubeObject, ObjectRef } from '../kube.ts';
import { groupKind } from '../readiness/status-of-object.ts';
import type { ReleaseHistory } from '../release/release-history.ts';
import type { RenderedObject } from './dry-run.ts';

/** The same for the same object, whatever version of its kind is written (helm goes by group, too). */
export function objectId(ref: ObjectRef): string {
  return JSON.stringify([groupKind(ref), ref.namespace ?? '', ref.name]);
}

/** Of `held`, in their order, those that are not rendered any more. */
export function goneObjects(
  held: readonly ObjectRef[],
  rendered: readonly Pick<RenderedObject, 'apiVersion' | 'kind' | 'name' | 'namespace'>[],
): readonly ObjectRef[] {
  const stays = new Set(rendered.map(objectId));
  return held.filter((object) => !stays.has(objectId(object)));
}

/** Whether helm leaves it in the cluster when it leaves the release. */
export function isKept({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}

/** Whether helm may take an object that stands there into the release (https://github.com/helm/helm/blob/main/pkg/action/validate.go). */
export function isOfRelease({ metadata }: KubeObject, place: { readonly namespace: string; readonly release: string }) {
  const { annotations = {}, labels = {} } = metadata;
  return (
    labels['app.kubernetes.io/managed-by'] === 'Helm' &&
    annotations['meta.helm.sh/release-name'] === place.release &&
    annotations['meta.helm.sh/release-namespace'] === place.namespace
  );
}

/** The revision that helm compares with: the last that it applied, else whatever stands there. */
export function comparedRevision({ revisions, latest }: ReleaseHistory): number | undefined {
  if (latest === undefined || latest.status === 'uninstalled') return undefined;
  return revisions.findLast(({ status }) => status === 'deployed')?.revision ?? latest.revision;
}
