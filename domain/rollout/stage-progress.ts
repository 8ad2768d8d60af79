/** How far one stage is: what its deployments have come to, and what is left to do there. */
import type { DeploymentItem } from '../items/deployment.ts';
import type { PlannedStage } from '../items/rollout.ts';
import { countsAsFailure, isFinal, isInFlight } from '../states.ts';

export interface StageProgress {
  readonly stage: PlannedStage;
  /** Deployments that ended badly. */
  readonly failures: readonly DeploymentItem[];
  /** Under way. */
  readonly inFlight: readonly DeploymentItem[];
  /** May begin now. */
  readonly ready: readonly DeploymentItem[];
  /** Come back later, each by its own `deferred.until`. */
  readonly deferred: readonly (DeploymentItem & { readonly deferred: NonNullable<DeploymentItem['deferred']> })[];
  /** How many of them have been sent off, ever. */
  readonly sentOff: number;
  /** Succeeded, and still as far as is known. */
  readonly standing: readonly DeploymentItem[];
  /** Never reached *Begin* in `MOST_LOST` attempts; or succeeded, and as many looks at them were never recorded. */
  readonly lost: readonly DeploymentItem[];
  /** When the last of them ended, once all have; milliseconds. Undefined for a stage without environments. */
  readonly doneAt?: number | undefined;
  /** Whether anything was changed in the stage: not everything was skipped. */
  readonly touched: boolean;
}

/** After this many attempts in a row that never reached *Begin*, something of ours is broken. */
export const MOST_LOST = 3;

/** Each stage of the plan with its deployments, in order. */
export function progressOf(
  stages: readonly PlannedStage[],
  deployments: readonly DeploymentItem[],
  now: Date,
): readonly StageProgress[] {
  return stages.map((stage) =>
    stageProgress(
      stage,
      deployments.filter((d) => d.stage === stage.name),
      now,
    ),
  );
}

function stageProgress(stage: PlannedStage, deployments: readonly DeploymentItem[], now: Date): StageProgress {
  const pending = deployments.filter(({ state }) => state === 'pending');
  const standing = deployments.filter(({ state }) => state === 'succeeded');
  const lost = [...pending, ...standing].filter((deployment) => lostAttempts(deployment) >= MOST_LOST);
  const left = pending.filter((deployment) => !lost.includes(deployment));
  const deferred = left.filter(isDeferred).filter((deployment) => isPutOff(deployment.deferred, now));
  const waiting: ReadonlySet<DeploymentItem> = new Set(deferred);
  const allDone = deployments.length > 0 && deployments.every(({ state }) => isFinal(state));
  return {
    stage,
    failures: deployments.filter(({ state }) => countsAsFailure(state)),
    inFlight: deployments.filter(({ state }) => isInFlight(state)),
    ready: left.filter((deployment) => !waiting.has(deployment)),
    deferred,
    sentOff: deployments.filter(({ attempt }) => attempt > 0).length,
    standing,
    lost,
    doneAt: allDone ? Math.max(...deployments.map(({ finishedAt }) => Date.parse(finishedAt ?? ''))) : undefined,
    touched: deployments.some(({ state }) => state !== 'skipped'),
  };
}

/** Attempts in a row that never reached *Begin* (of looks: that were never recorded), the one at hand included. */
export function lostAttempts({ attempt, begun, lost }: DeploymentItem): number {
  return attempt > begun ? lost + 1 : lost;
}

/** A freeze is not waited out by what was said of it once: it may be lifted any time, and rules/frozen.ts looks itself. */
function isPutOff({ on, until }: NonNullable<DeploymentItem['deferred']>, now: Date): boolean {
  return on !== 'freeze' && Date.parse(until) > now.getTime();
}

function isDeferred(d: DeploymentItem): d is DeploymentItem & { deferred: NonNullable<DeploymentItem['deferred']> } {
  return d.deferred !== undefined;
}
