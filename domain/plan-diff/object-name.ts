/** How objects of a release are named to people. */
import type { ObjectRef } from '../kube.ts';

/** `Deployment webui`; what does not stand in the release's namespace is named with its own. */
export function objectName({ kind, name, namespace }: Pick<ObjectRef, 'kind' | 'name' | 'namespace'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The release's `own` namespace goes without saying. */
export function addressed(
  { apiVersion, kind, name, namespace }: ObjectRef,
  own: string,
): Pick<ObjectRef, 'apiVersion' | 'kind' | 'name'> & { readonly namespace?: string } {
  return { apiVersion, kind, name, ...(namespace !== undefined && namespace !== own && { namespace }) };
}
