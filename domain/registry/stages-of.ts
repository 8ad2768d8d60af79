/** Which stages a rollout goes through: the request's, else the package's, else the installation's, else one for everyone. */
import type { StageRequest } from '../items/registry.ts';
import type { Labels } from '../target.ts';

/** The other way to say stages. */
export interface TargetEntry {
  readonly target: Labels;
  /** The stage ends here: what follows waits for it. */
  readonly wait: boolean;
}

const DEFAULTS = { soakMinutes: 0, maxParallel: 10, failureBudget: 0 };

/** Entries up to and including one with `wait: true` form one stage; they are named `stage-1`, `stage-2` … */
export function stagesFromTargets(entries: readonly TargetEntry[]): readonly StageRequest[] {
  const groups: Labels[][] = [[]];
  for (const { target, wait } of entries) {
    groups.at(-1)?.push(target);
    if (wait) groups.push([]);
  }
  return groups
    .filter((targets) => targets.length > 0)
    .map((targets, i) => ({ name: `stage-${i + 1}`, targets, ...DEFAULTS }));
}

export interface StageSources {
  readonly stages?: readonly StageRequest[] | undefined;
  readonly targets?: readonly TargetEntry[] | undefined;
  readonly ofPackage?: readonly StageRequest[] | undefined;
  readonly promotionOrder?: readonly StageRequest[] | undefined;
}

/** The first of the request's stages, its targets, the package's stages and the promotion order; else one stage `everyone`. */
export function stagesOf({ stages, targets, ofPackage, promotionOrder }: StageSources): readonly StageRequest[] {
  if (stages !== undefined) return stages;
  if (targets !== undefined) return stagesFromTargets(targets);
  return ofPackage ?? promotionOrder ?? [{ name: 'everyone', targets: [{}], ...DEFAULTS }];
}

const ROLLBACK_DEFAULTS = { soakMinutes: 0, maxParallel: 20, failureBudget: 0 };

/** A rollback is for getting away from trouble: wherever the package is, at once, unless stages or targets say otherwise. */
export function rollbackStages({ stages, targets }: Pick<StageSources, 'stages' | 'targets'>): readonly StageRequest[] {
  if (stages !== undefined) return stages;
  const named = stagesFromTargets(targets ?? [{ target: {}, wait: true }]);
  return named.map((stage) => ({ ...stage, ...ROLLBACK_DEFAULTS, ...(named.length === 1 && { name: 'rollback' }) }));
}
