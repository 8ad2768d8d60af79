import { PlanQuery, RolloutsQuery } from '../../../contracts/api/query.ts';
import { PlanResult } from '../../../contracts/plan-diff.ts';
import type { PlanItem } from '../../../domain/items/values.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { standingOf } from '../../../domain/plans/standing.ts';
import { planResultKey } from '../../../domain/rollout/frozen-plan.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { holdAnswer } from '../hold-answer.ts';
import { planOf } from '../plan-of.ts';
import { planSummary } from '../plan-views.ts';
import { Refused } from '../refused.ts';

/** A function's answer has 6 MB at most (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MOST_BYTES = 5_000_000;

/** GET …/plans: newest first. */
export async function listPlans({ table, now }: Deps, call: Call): Promise<Answer> {
  const { limit = 20, after } = queryOf(call, RolloutsQuery);
  const found = await table.query(ranges.plans(call.package), {
    descending: true,
    limit: limit + 1,
    ...(after !== undefined && { after: keys.plan(call.package, after).sk }),
  });
  if (found.length === 0 && (await table.get(keys.package(call.package))) === undefined) {
    throw new Refused('not-found', `package ${call.package} is not registered`);
  }
  const plans = found.slice(0, limit).map((item) => planSummary(item, now()));
  const last = plans.at(-1);
  return { status: 200, body: { plans, ...(found.length > limit && last !== undefined && { next: last.id }) } };
}

/** GET …/plans/{plan}: with `wait`, held until it is worked out. */
export async function getPlan(deps: Deps, call: Call): Promise<Answer> {
  const { wait = 0 } = queryOf(call, PlanQuery);
  const asked = { package: call.package, plan: (await planOf(deps, call)).id };
  await holdAnswer(deps, wait, async () => standingOf(await planOf(deps, asked), deps.now()).state !== 'working');
  const item = await planOf(deps, asked);
  return { status: 200, body: { ...planSummary(item, deps.now()), ...(await resultOf(deps, item)) } };
}

async function resultOf({ plans }: Deps, { id, state, digest }: PlanItem) {
  if (state === 'working' || state === 'refused') return {};
  const file = await plans.get(planResultKey(id));
  // Of a plan whose execution was stopped there is none.
  if (file === undefined) return {};
  if (file.length > MOST_BYTES) return { resultKey: planResultKey(id) };
  const result = PlanResult.parse(JSON.parse(new TextDecoder().decode(file)));
  return digest === undefined || result.digest === digest ? { result } : {};
}
