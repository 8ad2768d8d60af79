/** What to write so that `aws-auth` lets a role in, or not any more. What connect had to make, disconnect takes away again. */
import type { MapRole } from '../../../domain/aws-auth/map-role.ts';
import { type ConfigMap, NAME, NAMESPACE } from './config-map.ts';
import { connectMapRoles, disconnectMapRoles, type Edit } from './edit-map-roles.ts';

export interface Change {
  readonly how: 'create' | 'replace' | 'delete';
  /** As it is to be; as it is, when it is to be deleted. */
  readonly object: ConfigMap;
  /** The text of `mapRoles`. */
  readonly before: string;
  readonly after: string;
}
export type ConfigMapEdit =
  | { readonly outcome: 'changed'; readonly change: Change; readonly because: string }
  | Exclude<Edit, { outcome: 'changed' }>;

/** Remembers in the object what was not there before connect: the whole ConfigMap, or its field `mapRoles`. */
const MADE = 'fairlead.dev/made';

/** @param mayCreate whether the cluster reads an `aws-auth` for certain, so that one may be made where there is none. */
export function connectConfigMap(found: ConfigMap | undefined, entry: MapRole, mayCreate: boolean): ConfigMapEdit {
  if (found === undefined && !mayCreate) {
    const because = `the cluster has no ConfigMap ${NAMESPACE}/${NAME}, and nothing says that it would read one: use AWS credentials that may eks:DescribeCluster`;
    return { outcome: 'refused', because };
  }
  const before = found?.data?.['mapRoles'];
  const edit = connectMapRoles(before ?? '', entry);
  if (edit.outcome !== 'changed') return edit;
  const { text, because } = edit;
  const mapRoles = { mapRoles: text };
  const change = { before: before ?? '', after: text };
  if (found === undefined) {
    const metadata = { name: NAME, namespace: NAMESPACE, annotations: { [MADE]: 'config-map' } };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: mapRoles };
    return { outcome: 'changed', change: { how: 'create', object, ...change }, because };
  }
  const annotations = { ...found.metadata.annotations, ...(before === undefined && { [MADE]: 'mapRoles' }) };
  const object = { ...withAnnotations(found, annotations), data: { ...found.data, ...mapRoles } };
  return { outcome: 'changed', change: { how: 'replace', object, ...change }, because };
}

/** The reverse. What others added meanwhile stays. */
export function disconnectConfigMap(found: ConfigMap | undefined, entry: MapRole): ConfigMapEdit {
  if (found === undefined) return { outcome: 'right', because: 'the cluster has no aws-auth' };
  const { mapRoles: before = '', ...others } = found.data ?? {};
  const edit = disconnectMapRoles(before, entry, others['mapUsers']);
  if (edit.outcome !== 'changed') return edit;
  const { text, because } = edit;
  const { [MADE]: made, ...annotations } = found.metadata.annotations ?? {};
  const change = { before, after: text };
  const empty = text === '';
  if (empty && made === 'config-map' && Object.keys(others).length === 0) {
    return { outcome: 'changed', change: { how: 'delete', object: found, ...change }, because };
  }
  const data = empty && made !== undefined ? others : { ...found.data, mapRoles: text };
  const object = { ...withAnnotations(found, annotations), data };
  return { outcome: 'changed', change: { how: 'replace', object, ...change }, because };
}

/** Whether somebody writes this ConfigMap from a file, whose next apply would undo ours. https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/ */
export function isKeptInAFile({ metadata }: ConfigMap): boolean {
  return metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'] !== undefined;
}

/** No annotations at all are another thing than an empty list of them. */
function withAnnotations(found: ConfigMap, annotations: Readonly<Record<string, string>>): ConfigMap {
  const { annotations: _old, ...metadata } = found.metadata;
  const some = Object.keys(annotations).length > 0;
  return { ...found, metadata: { ...metadata, ...(some && { annotations }) } };
}
