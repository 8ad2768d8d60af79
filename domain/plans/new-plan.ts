/** A plan that somebody asked for: what is remembered of it before any of it is worked out. */
import type { StageRequest } from '../items/registry.ts';
import type { Principal, ValuesChange } from '../items/rollout.ts';
import type { PlanItem } from '../items/values.ts';
import { keys } from '../keys.ts';
import { create, type Write } from '../table.ts';

/** Days that a plan is kept, with everything that stands beside it. */
export const PLAN_DAYS = 90;

const DAY_SECONDS = 86_400;

export interface PlanAsked {
  /** ULID. */
  readonly id: string;
  readonly package: string;
  readonly version: string;
  /** At least one. */
  readonly stages: readonly StageRequest[];
  /** What the rollout would bring of its own. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Planned because layers were changed. */
  readonly valuesChange?: ValuesChange | undefined;
  readonly principal: Principal;
  /** Why it is planned, in one sentence. */
  readonly because: string;
}

/** The write that makes it; the table's stream starts its execution. */
export function createPlan({ valuesChange, ...asked }: PlanAsked, now: Date): Write {
  const item: Omit<PlanItem, 'rev'> = {
    type: 'plan',
    v: 1,
    ...asked,
    ...(valuesChange !== undefined && { valuesChange }),
    state: 'working',
    at: now.toISOString(),
    expiresAt: Math.floor(now.getTime() / 1000) + PLAN_DAYS * DAY_SECONDS,
  };
  return create(keys.plan(asked.package, asked.id), item);
}
