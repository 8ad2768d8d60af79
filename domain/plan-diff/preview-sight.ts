/** One cluster as a plan looks at it: ports that read and try, and change nothing. */
import type { Right } from '../inspection/sights.ts';
import type { Kube, KubeAnswer } from '../kube.ts';
import type { HelmInputs, HelmProblem } from '../release/helm.ts';
import type { Releases } from '../release/release-history.ts';
import type { DryRun, RenderedObject } from './dry-run.ts';

/** A hook that would run, and when (https://helm.sh/docs/topics/charts_hooks/). */
export interface RenderedHook {
  readonly kind: string;
  readonly name: string;
  readonly events: readonly string[];
}

export type RenderedRelease = {
  /** A template may have looked up Secrets of the cluster: what is rendered, or said, may hold anything of them. */
  readonly readSecrets?: true;
} & (
  | {
      readonly ok: true;
      /** As helm keeps it. */
      readonly manifest: string;
      /** Without hooks, in the order in which helm applies them. */
      readonly objects: readonly RenderedObject[];
      readonly hooks: readonly RenderedHook[];
      /** Why the cluster had no part in it, so that `lookup` found nothing. */
      readonly aside?: string;
    }
  | { readonly ok: false; readonly problem: HelmProblem }
);

export interface PreviewSight {
  readonly kube: Pick<Kube, 'get'>;
  readonly releases: Releases;
  readonly dryRun: DryRun;
  /** `unchecked`: whether the values fit the chart's schemas is not asked, for they are stand-ins. */
  render(inputs: HelmInputs, isUpgrade: boolean, how?: { readonly unchecked: true }): Promise<RenderedRelease>;
  /** `group/kind` of what the chart's `crds/` brings. */
  kindsInCrds(inputs: HelmInputs): Promise<readonly string[]>;
  /** Whether whoever applies may do that; asks the cluster's own authoriser. */
  may(right: Right): Promise<KubeAnswer<boolean>>;
  /** Where objects of a kind are: what rights speak of. */
  placeOf(apiVersion: string, kind: string): Promise<KubeAnswer<Pick<Right, 'group' | 'resource'>>>;
  /** Ends sockets that are kept alive. */
  close(): void;
}
