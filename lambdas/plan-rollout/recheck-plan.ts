/** A retry uses what was frozen: is all of it still there? Asked before anything of the new run begins. */
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { ranges } from '../../domain/keys.ts';
import type { Table } from '../../domain/table.ts';
import { type FindGoneDeps, findGone } from './find-gone.ts';
import type { MadePlan } from './made-plan.ts';
import { type OwnValuesDeps, ownValuesGone } from './own-values-gone.ts';

export interface RecheckDeps extends FindGoneDeps, OwnValuesDeps {
  readonly table: Pick<Table, 'get' | 'query'>;
}

type Refusal = Extract<MadePlan, { made: false }>;

const MOST_NAMED = 5;

/** Why this run of a rollout that is planned already cannot go on, if so. What was never retried is not asked about. */
export async function recheckPlan(deps: RecheckDeps, rollout: RolloutItem): Promise<Refusal | undefined> {
  const { plan, retries } = rollout;
  if (plan === undefined || retries === undefined) return undefined;
  const file = await deps.plans.get(plan.key);
  if (file === undefined || (await deps.digest(file)) !== plan.digest) {
    return gone([
      `the plan (${plan.key}) ${file === undefined ? 'is not kept any more' : 'is not the one of this rollout'}`,
    ]);
  }
  const deployments = await deps.table.query(ranges.deployments(rollout.id));
  const inputs = deployments.filter(({ state }) => state === 'pending').map((deployment) => deployment.inputs);
  const found = await findGone(deps, inputs);
  if (found.is === 'unreachable') return { made: false, code: 'unreachable', because: found.because };
  const what = [...(found.is === 'gone' ? found.what : []), ...(await ownValuesGone(deps, inputs))];
  return what.length === 0 ? undefined : gone(what);
}

function gone(what: readonly string[]): Refusal {
  const more = what.length - MOST_NAMED;
  const named = `${what.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  const because = `what it is made of is gone, nothing was touched: ${named}. Start a new rollout`;
  return { made: false, code: 'inputs-gone', because };
}
