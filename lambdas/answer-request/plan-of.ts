import type { PlanItem } from '../../domain/items/values.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Call } from './call.ts';
import type { Deps } from './deps.ts';
import { Refused } from './refused.ts';

/** The plan that the path names, read consistently; one of another package does not exist here. @throws Refused */
export async function planOf({ table }: Pick<Deps, 'table'>, call: Pick<Call, 'package' | 'plan'>): Promise<PlanItem> {
  const { package: pkg, plan } = call;
  const found =
    plan === 'latest'
      ? (await table.query(ranges.plans(pkg), { descending: true, limit: 1 }))[0]
      : await table.get(keys.plan(pkg, plan));
  if (found !== undefined) return found;
  const which = plan === 'latest' ? 'no plans' : `no plan ${plan}, or not any more`;
  throw new Refused('not-found', `package ${pkg} has ${which}: make one (fairlead plan ${pkg} VERSION)`);
}
