/** A cluster as we look at it: its objects, and the port that reads them. Nothing here changes a cluster. */
import type { JsonMap } from './json.ts';

/** Names one object (https://kubernetes.io/docs/concepts/overview/working-with-objects/). */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Ignored for kinds that have no namespace. */
  readonly namespace?: string | undefined;
}

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
}

/** What every object has, of the parts that we read. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly generation?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
}

/** An object as plain JSON. Fields beyond the metadata are whatever its kind says. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: JsonMap | undefined;
  readonly status?: JsonMap | undefined;
}

/**
 * Why an API server did not give what was asked for. `unreachable`: no answer, or one that asks to come back;
 * `unauthorised`: it does not know us; `forbidden`: it knows us and says no; `refused`: anything else it will not do.
 */
export interface KubeFailure {
  readonly ok: false;
  readonly code: 'unreachable' | 'unauthorised' | 'forbidden' | 'not-found' | 'refused';
  readonly because: string;
}

export type KubeAnswer<T> = { readonly ok: true; readonly value: T } | KubeFailure;

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  /** Every label must be there with this value. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Field selector, e.g. `{ 'involvedObject.uid': '…' }`. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Metadata only: nothing else of the objects crosses the wire. */
  readonly metadataOnly?: boolean | undefined;
}

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The container's last words before its latest restart. */
  readonly previous: boolean;
  /** At most so many lines from the end. */
  readonly lines: number;
}

/** Reading one cluster's API server. Failures are answers. */
export interface Kube {
  /** With `metadataOnly` nothing else of the object crosses the wire. */
  get(ref: ObjectRef, options?: { readonly metadataOnly?: boolean }): Promise<KubeAnswer<KubeObject>>;
  list(query: ListQuery): Promise<KubeAnswer<readonly KubeObject[]>>;
  logs(query: LogQuery): Promise<KubeAnswer<readonly string[]>>;
}

/** `Deployment webui/web` — how we name an object to people. */
export function nameOf({ kind, name, namespace }: Pick<ObjectRef, 'kind' | 'name' | 'namespace'>): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
