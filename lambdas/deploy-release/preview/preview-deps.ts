/** What plans' looks into clusters are handed. */
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { ClusterPlace } from '../../../domain/items/registry.ts';
import type { OutcomeCode } from '../../../domain/outcome.ts';
import type { PreviewSight } from '../../../domain/plan-diff/preview-sight.ts';
import type { Clock, Digest, Log, Objects } from '../../../domain/ports.ts';
import type { HelmInputs } from '../../../domain/release/helm.ts';
import type { RecordSize } from '../../../domain/release/record-size.ts';
import type { FrozenDeployment, FrozenPlan } from '../../../domain/rollout/frozen-plan.ts';
import type { ChartContent } from '../../../domain/values/chart-content.ts';
import type { Leaf, Orphan } from '../../../domain/values/effective.ts';

export type PreviewReached =
  | { readonly reached: true; readonly sight: PreviewSight }
  | { readonly reached: false; readonly because: string };

/** The deployment's inputs as they would be applied. */
export type PreparedPreview =
  | {
      readonly ok: true;
      readonly inputs: HelmInputs;
      readonly leaves: readonly Leaf[];
      readonly orphans: readonly Orphan[];
      /** Every text that must not be seen. */
      readonly secrets: readonly string[];
      readonly chart: Pick<ChartContent, 'values'>;
      /** Which packages the chart needs beside it and does not find there now. */
      readonly missing?: string;
    }
  | { readonly ok: false; readonly code: OutcomeCode; readonly because: string };

/** What is deployed there by our own record, worked out again. */
export type DeployedValues =
  | {
      readonly known: true;
      readonly leaves: readonly Leaf[];
      readonly secrets: readonly string[];
      /** As they were applied; none when nothing was. */
      readonly inputs?: HelmInputs;
    }
  | {
      readonly known: false;
      readonly because: string;
      readonly secrets: readonly string[];
      /** Something of ours is deployed, and some of its secrets may not be among these. */
      readonly unsure?: boolean;
    };

/** What the cluster said. */
export interface Refused {
  readonly code: 'forbidden' | 'unauthorised';
  readonly because: string;
}

export interface DiffDeps {
  readonly plans: Objects;
  readonly now: Clock;
  readonly log: Log;
  readonly digest: Digest;
  readonly canonical: (value: unknown) => string;
  readonly prepare: (plan: FrozenPlan, deployment: FrozenDeployment) => Promise<PreparedPreview>;
  readonly deployed: (plan: FrozenPlan, deployment: FrozenDeployment) => Promise<DeployedValues>;
  /** `actAs`: as whom helm applies there. */
  readonly look: (
    cluster: ClusterPlace,
    environment: string,
    actAs: DeploymentItem['actAs'],
  ) => Promise<PreviewReached>;
  /** What to do about a right that is missing, or a role that the cluster does not know. */
  readonly remedy: (plan: FrozenPlan, deployment: FrozenDeployment, refused: Refused) => Promise<string>;
  /** Of helm's record of the release. */
  readonly recordSize: (
    inputs: HelmInputs & { readonly chart: Pick<ChartContent, 'values'>; readonly manifest: string },
  ) => RecordSize;
}
