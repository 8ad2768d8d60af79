/**
 * A stage's deployments begin evenly over `spreadMinutes`: the i-th of n not before `begunAt + i · spread / n`. What was
 * begun once and comes back (its release was held, its cluster did not answer) has had its turn and needs no other.
 */
import type { DeploymentItem } from '../../items/deployment.ts';
import type { PlannedStage } from '../../items/rollout.ts';
import type { Decision } from '../decision.ts';

type Wait = Extract<Decision, { action: 'wait' }>;

/** As much of a stage's progress as its pace depends on. */
export interface Pacing {
  readonly stage: PlannedStage;
  /** May begin now, but for the pace. */
  readonly ready: readonly DeploymentItem[];
  /** How many of the stage's deployments have been sent off, ever. */
  readonly sentOff: number;
}

export interface Paced {
  /** Whose turn it is. */
  readonly may: readonly DeploymentItem[];
  /** Until when the next one waits, where the pace holds one up. */
  readonly wait?: Wait;
}

/** Who of `ready` may begin at `now`. `begunAt`: when the stage's first deployment was sent off. */
export function paced({ stage, ready, sentOff }: Pacing, begunAt: string | undefined, now: Date): Paced {
  const slot = slotOf(stage);
  if (slot === 0) return { may: ready };
  const again = ready.filter(({ attempt }) => attempt > 0);
  const fresh = ready.filter(({ attempt }) => attempt === 0);
  const began = begunAt === undefined ? now.getTime() : Date.parse(begunAt);
  const due = Math.floor((now.getTime() - began) / slot) + 1;
  const turns = Math.max(0, due - sentOff);
  const may = [...again, ...fresh.slice(0, turns)];
  return fresh.length > turns ? { may, wait: wait(stage, began + Math.max(due, sentOff) * slot) } : { may };
}

/** Milliseconds from one beginning to the next; 0 without a pace. */
function slotOf({ spreadMinutes = 0, size }: PlannedStage): number {
  return size === 0 ? 0 : (spreadMinutes * 60_000) / size;
}

/** The sentence stays the same from turn to turn, so that the history tells it once; `until` says when the next one begins. */
function wait({ name, size, spreadMinutes }: PlannedStage, until: number): Wait {
  return {
    action: 'wait',
    on: 'pace',
    until: new Date(until).toISOString(),
    who: 'the clock',
    because: `stage ${name} begins its ${size} deployments evenly over ${spreadMinutes} minutes`,
    stage: name,
  };
}
