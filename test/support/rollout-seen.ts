/** Rollouts in the middle of things, said briefly. */

import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { OpenItem } from '../../domain/items/queue.ts';
import type { PlannedStage, RolloutItem } from '../../domain/items/rollout.ts';
import type { RolloutSeen } from '../../domain/rollout/decide-next.ts';
import { isFinal } from '../../domain/states.ts';
import { aDeployment, aRollout, aStage, NOW, ROLLOUT } from './items.ts';

/** A stage with its deployments: `dev` is pending, `dev: 'failed'` has failed, or whatever fields are given. */
export interface StageSaid extends Partial<Omit<PlannedStage, 'name' | 'size'>> {
  readonly name: string;
  readonly has: Readonly<Record<string, DeploymentItem['state'] | Partial<DeploymentItem>>>;
}

const CODES = {
  succeeded: 'ready',
  skipped: 'unchanged',
  failed: 'not-ready',
  'rolled-back': 'not-ready',
  blocked: 'forbidden',
  errored: 'unreachable',
} as const;

function deployment(stage: string, environment: string, said: DeploymentItem['state'] | Partial<DeploymentItem>) {
  const given = typeof said === 'string' ? { state: said } : said;
  const { state = 'pending' } = given;
  const over = isFinal(state)
    ? {
        attempt: 1,
        begun: 1,
        finishedAt: NOW.toISOString(),
        outcome: { code: CODES[state], because: `it is ${state}` },
      }
    : { attempt: 0, begun: 0 };
  return aDeployment({ stage, environment, ...over, ...given });
}

/** What Decide would see of a planned rollout. */
export function seen(
  stages: readonly StageSaid[],
  rollout: Partial<RolloutItem> = {},
  queue: readonly OpenItem[] = [],
  more: Partial<Pick<RolloutSeen, 'approvals' | 'statuses' | 'freezes'>> = {},
): RolloutSeen {
  const planned = stages.map(({ has, ...stage }) => ({ ...aStage(), ...stage, size: Object.keys(has).length }));
  const plan = { ...aRollout().plan, stages: planned } as NonNullable<RolloutItem['plan']>;
  const deployments = stages.flatMap(({ name, has }) =>
    Object.entries(has).map(([environment, said]) => deployment(name, environment, said)),
  );
  return {
    rollout: aRollout({ plan, ...rollout }),
    deployments,
    queue,
    approvals: [],
    statuses: [],
    freezes: [],
    ...more,
  };
}

export const aPlace = (sequence: number, environments?: readonly string[], rolloutId = ROLLOUT): OpenItem => ({
  type: 'open',
  v: 1,
  rev: 1,
  rolloutId,
  package: 'webui',
  sequence,
  ...(environments && { environments }),
});
