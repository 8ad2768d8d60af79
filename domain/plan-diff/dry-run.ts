/**
 * What a cluster says an object would become, and why it would refuse it. Nothing is changed by asking
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run).
 */
import type { JsonMap } from '../json.ts';
import type { KubeObject } from '../kube.ts';

/** Under which name helm 4 applies (its program's name; https://github.com/helm/helm/blob/main/pkg/kube/client.go). */
export const FIELD_MANAGER = 'helm';

/** Somebody else's field that we would set to another value. */
export interface FieldConflict {
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
}

export type Refusal =
  | { readonly code: 'conflict'; readonly because: string; readonly conflicts: readonly FieldConflict[] }
  /** `because` names fields and never a value. */
  | { readonly code: 'immutable' | 'invalid'; readonly because: string; readonly fields: readonly string[] }
  | {
      readonly code:
        | 'no-such-kind'
        | 'no-namespace'
        | 'forbidden'
        | 'unauthorised'
        | 'no-dry-run'
        | 'unreachable'
        | 'refused';
      readonly because: string;
    };

export type DryRunAnswer =
  | { readonly ok: true; readonly would: KubeObject }
  | { readonly ok: false; readonly refusal: Refusal };

/** An object as a chart renders it. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Its own, or the release's; of kinds without namespaces it means nothing. */
  readonly namespace: string;
  readonly content: JsonMap;
}

export interface DryRun {
  /** As helm would apply it. `force` takes fields over that others own. */
  apply(object: RenderedObject, options: { readonly force: boolean }): Promise<DryRunAnswer>;
}
