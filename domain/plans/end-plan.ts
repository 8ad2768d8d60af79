/** What a plan came to, written once: whoever tells its end second changes nothing. */
import type { PlanItem, PlanState } from '../items/values.ts';
import { keys } from '../keys.ts';
import type { OutcomeCode } from '../outcome.ts';
import { replace, type Write } from '../table.ts';

export interface PlanEnd {
  readonly state: Exclude<PlanState, 'working'>;
  /** Why it was refused. */
  readonly code?: OutcomeCode;
  readonly because: string;
  /** Of its inputs (rollout/plan-digest.ts): of a plan that a rollout can be held to. */
  readonly digest?: string;
  readonly environments?: number;
  /** How many of them would change. */
  readonly changed?: number;
}

/** The writes; none when the plan had ended before. */
export function endPlan(plan: PlanItem, end: PlanEnd, now: Date): readonly Write[] {
  if (plan.state !== 'working') return [];
  return [replace(keys.plan(plan.package, plan.id), plan, { ...end, finishedAt: now.toISOString() })];
}
