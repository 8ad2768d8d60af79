/** What helm remembers of a release: its revisions, and what each of them holds. */
import type { JsonMap } from '../json.ts';
import type { KubeAnswer, ObjectRef } from '../kube.ts';

/** https://github.com/helm/helm/blob/main/pkg/release/common/status.go */
export const HELM_STATUSES = [
  'unknown',
  'deployed',
  'uninstalled',
  'superseded',
  'failed',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] as const;
export type HelmStatus = (typeof HELM_STATUSES)[number];

/** One revision by its Secret's labels alone: the cheap look. */
export interface RevisionSummary {
  readonly revision: number;
  readonly status: HelmStatus;
  /** What was given with `--labels`; helm's own labels are left out. */
  readonly labels: Readonly<Record<string, string>>;
}

/** An object of the manifest: enough to ask for it, and its spec as the chart rendered it. */
export interface ManifestObject extends ObjectRef {
  readonly spec?: JsonMap | undefined;
}

export interface HelmHook extends ObjectRef {
  /** `pre-install`, `post-upgrade`, … (https://helm.sh/docs/topics/charts_hooks/). */
  readonly events: readonly string[];
}

/** All that one revision holds, except its values: those may be secret and are never read. */
export interface RevisionContent extends RevisionSummary {
  /** helm's own sentence about it; empty when it said nothing. */
  readonly description: string;
  readonly chart: { readonly name: string; readonly version: string };
  /** Objects without a namespace of their own get the release's; for kinds without namespaces it means nothing. */
  readonly objects: readonly ManifestObject[];
  readonly hooks: readonly HelmHook[];
}

/** A release now: all its revisions, oldest first, and the content of the last. Empty when it was never installed. */
export interface ReleaseHistory {
  readonly revisions: readonly RevisionSummary[];
  readonly latest?: RevisionContent | undefined;
}

/** Reading helm's memory in one cluster. */
export interface Releases {
  history(namespace: string, release: string): Promise<KubeAnswer<ReleaseHistory>>;
  /** `not-found` when helm has pruned it, or it never was. */
  revision(namespace: string, release: string, revision: number): Promise<KubeAnswer<RevisionContent>>;
}
