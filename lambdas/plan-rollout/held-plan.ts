/** A rollout that names a plan carries out that one: is what was planned for it now the same? */
import { PlanFile } from '../../contracts/plan.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { comparePlans, differencesText } from '../../domain/plans/compare-plans.ts';
import type { Digest, Objects } from '../../domain/ports.ts';
import type { Canonical } from '../../domain/rollout/frozen.ts';
import { type FrozenPlan, planKey } from '../../domain/rollout/frozen-plan.ts';
import { planText } from '../../domain/rollout/plan-digest.ts';

export interface HeldPlanDeps {
  readonly plans: Pick<Objects, 'get'>;
  readonly digest: Digest;
  readonly canonical: Canonical;
}

/** Why the rollout does not carry out the plan that it names, if so. */
export async function notAsPlanned(
  { plans, digest, canonical }: HeldPlanDeps,
  { planned, package: pkg, version }: Pick<RolloutItem, 'planned' | 'package' | 'version'>,
  made: FrozenPlan,
): Promise<string | undefined> {
  if (planned === undefined || (await digest(planText(made, canonical))) === planned.digest) return undefined;
  const again = `nothing was touched: plan again (fairlead plan ${pkg} ${version})`;
  const file = await plans.get(planKey(planned.id, 'plans'));
  if (file === undefined)
    return `plan ${planned.id} does not hold any more, and what it was made of is not kept: ${again}`;
  const before = PlanFile.parse(JSON.parse(new TextDecoder().decode(file)));
  return `plan ${planned.id} does not hold any more, ${differencesText(comparePlans(before, made))}; ${again}`;
}
