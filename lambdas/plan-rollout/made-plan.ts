/** A plan, or why there is none. */
import type { Outcome } from '../../domain/outcome.ts';
import type { FrozenPlan } from '../../domain/rollout/frozen-plan.ts';

export type MadePlan =
  | { readonly made: true; readonly plan: FrozenPlan }
  | ({ readonly made: false } & Pick<Outcome, 'code' | 'because'>);

/** No plan: nothing is touched. */
export const refused = (code: Outcome['code'], because: string): MadePlan => ({ made: false, code, because });
