import type { PlanAnswer } from '../../contracts/machines.ts';
import { RolloutRun } from '../../contracts/machines.ts';
import { PlanFile } from '../../contracts/plan.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { createDeployment, type FrozenPlan, planKey, recordPlan } from '../../domain/rollout/frozen-plan.ts';
import { isOpen } from '../../domain/states.ts';
import { unchanged } from '../../domain/table.ts';
import { notAsPlanned } from './held-plan.ts';
import { type MakePlanDeps, makePlan } from './make-plan.ts';
import { movedSince } from './moved-since.ts';
import { recheckPlan } from './recheck-plan.ts';

export interface Deps extends MakePlanDeps {
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
}

/** A run of a rollout that is not in the table. */
export class RolloutNotFound extends Error {
  override readonly name = 'RolloutNotFound';
}

/** The rollout's request is written with the rollout; without it the rollout cannot have been started by us. */
export class RequestMissing extends Error {
  override readonly name = 'RequestMissing';
}

/** Deployments a transaction: 100 writes at most, and one guards the rollout. */
const DEPLOYMENTS_AT_ONCE = 90;

/**
 * Plan, then record the plan; each step goes on from what an earlier, interrupted call has left. `planned` also says
 * that planning is nobody's business any more (aborted, over, or another run's): Decide sees why and acts on it. The plan
 * of a rollout that is retried stays; only whether its inputs are still there is asked.
 * @throws RolloutNotFound, RequestMissing, and what its ports throw: the machine tries again.
 */
export function planRollout(deps: Deps) {
  const { log, table } = deps;
  return async (event: unknown): Promise<PlanAnswer> => {
    const { rolloutId, run } = RolloutRun.parse(event);
    const rollout = await table.get(keys.rollout(rolloutId));
    if (rollout === undefined) throw new RolloutNotFound(`no rollout ${rolloutId} to plan`);
    const idle = nothingToPlan(rollout, run);
    if (idle !== undefined) {
      const refused = idle === PLANNED ? await recheckPlan(deps, rollout) : undefined;
      log.info('nothing to plan', { rolloutId, run, because: idle, ...(refused && { refused: refused.code }) });
      if (refused === undefined) return { outcome: 'planned' };
      return { outcome: 'refused', code: refused.code, because: refused.because };
    }
    const made = await planOf(deps, rollout);
    if (!made.made) {
      log.info('plan refused', { rolloutId, code: made.code, because: made.because });
      return { outcome: 'refused', code: made.code, because: made.because };
    }
    await record(deps, run, made);
    log.info('rollout planned', { rolloutId, environments: made.plan.deployments.length });
    return { outcome: 'planned' };
  };
}

function nothingToPlan(rollout: RolloutItem, run: number): string | undefined {
  if (rollout.run !== run) return `run ${rollout.run} is the current one`;
  if (!isOpen(rollout.state)) return `the rollout is over: ${rollout.state}`;
  if (rollout.abort !== undefined) return 'the rollout was aborted';
  return rollout.plan === undefined ? undefined : PLANNED;
}

const PLANNED = 'the rollout is planned already';

interface Written {
  readonly made: true;
  readonly plan: FrozenPlan;
  readonly digest: string;
}

/** The plan in the bucket, whoever wrote it first; what is planned twice side by side is planned once. */
async function planOf(
  deps: Deps,
  rollout: RolloutItem,
): Promise<Written | Exclude<Awaited<ReturnType<typeof makePlan>>, { made: true }>> {
  const { plans, digest, canonical } = deps;
  const key = planKey(rollout.id);
  const there = await plans.get(key);
  if (there !== undefined) {
    const plan = parsed(there);
    const moved = rollout.retries === undefined ? undefined : await movedSince(deps.table, plan);
    return moved === undefined
      ? { made: true, plan, digest: await digest(there) }
      : { made: false, code: 'place-taken', because: moved };
  }
  const request = await deps.table.get(keys.request(rollout.id));
  if (request === undefined) throw new RequestMissing(`rollout ${rollout.id} has no request`);
  const made = await makePlan(deps, { ...rollout, of: 'rollouts', request });
  if (!made.made) return made;
  const other = await notAsPlanned(deps, rollout, made.plan);
  if (other !== undefined) return { made: false, code: 'plan-changed', because: other };
  const text = canonical(made.plan);
  if ((await plans.putOnce(key, text)) === 'written')
    return { made: true, plan: made.plan, digest: await digest(text) };
  return planOf(deps, rollout);
}

const parsed = (bytes: Uint8Array): FrozenPlan => PlanFile.parse(JSON.parse(new TextDecoder().decode(bytes)));

/** First the deployments, some at a time, then the plan itself: a rollout with a plan has all of them. */
async function record({ table, patience, now }: Deps, run: number, { plan, digest }: Written): Promise<void> {
  const { rolloutId } = plan;
  const look = async () => {
    const rollout = await table.get(keys.rollout(rolloutId));
    // Its place is the rollout's: a plan that was made before a retry knows an older one.
    const open = rollout && (await table.get(keys.open(plan.package, rollout.sequence)));
    const events = await table.get(keys.events(rolloutId));
    const gone = rollout === undefined || open === undefined || events === undefined;
    if (gone || nothingToPlan(rollout, run) !== undefined) return { writes: [], result: 'done' as const };
    const there = new Set((await table.query(ranges.deployments(rolloutId))).map(({ environment }) => environment));
    const missing = plan.deployments.filter(({ environment }) => !there.has(environment));
    if (missing.length === 0) {
      return { writes: recordPlan({ rollout, open, events }, plan, digest, now()), result: 'done' as const };
    }
    const some = missing.slice(0, DEPLOYMENTS_AT_ONCE).map((deployment) => createDeployment(plan, deployment));
    return { writes: [unchanged(keys.rollout(rolloutId), rollout), ...some], result: 'more' as const };
  };
  while ((await commit(table, patience, look)) === 'more');
}
