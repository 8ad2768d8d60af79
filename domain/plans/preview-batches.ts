/** Which deployers are asked what a plan would change, and of which environments at once? */
import type { PlannedStage } from '../items/rollout.ts';
import type { FrozenDeployment } from '../rollout/frozen-plan.ts';

export interface PreviewBatch {
  /** ARN of the deployer's function. */
  readonly deployer: string;
  readonly environments: readonly string[];
}

/** So many environments one call looks at, at most (contracts/preview.ts): few enough for a function's time, enough to share its start. */
const A_BATCH = 10;
/** New accounts run ten functions at a time, and rollouts need some of them (https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html). */
const MOST_AT_ONCE = 10;

export interface Previews {
  readonly batches: readonly PreviewBatch[];
  /** Calls at the same time. */
  readonly maxParallel: number;
  /** Environments whose deployer this installation does not have. */
  readonly without: readonly string[];
}

/** Batches by deployer, in the plan's order; no more at once than the plan's widest stage deploys. */
export function previewBatches(
  {
    deployments,
    stages,
  }: { readonly deployments: readonly FrozenDeployment[]; readonly stages: readonly PlannedStage[] },
  arnOf: (deployer: string) => string | undefined,
): Previews {
  const byArn = new Map<string, string[]>();
  const without: string[] = [];
  for (const { deployer, environment } of deployments) {
    const arn = arnOf(deployer);
    if (arn === undefined) without.push(environment);
    else byArn.set(arn, [...(byArn.get(arn) ?? []), environment]);
  }
  const batches = [...byArn].flatMap(([deployer, names]) =>
    inBatches(names).map((environments) => ({ deployer, environments })),
  );
  const widest = Math.max(1, ...stages.map(({ maxParallel }) => maxParallel));
  return { batches, maxParallel: Math.min(MOST_AT_ONCE, widest), without };
}

function inBatches(names: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(names.length / A_BATCH);
  return Array.from({ length: count }, (_, i) => names.slice(i * A_BATCH, (i + 1) * A_BATCH));
}
