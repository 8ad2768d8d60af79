import { commit } from '../../domain/commit.ts';
import { giveUpDeployment } from '../../domain/deployment/finish-deployment.ts';
import { lookAtDeployment } from '../../domain/deployment/look-at-deployment.ts';
import { strandedDeployment } from '../../domain/deployment/stranded.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { hasNews } from '../../domain/rollout/number-news.ts';
import { isInFlight, isOpen } from '../../domain/states.ts';
import { replace } from '../../domain/table.ts';
import type { Deps } from './deps.ts';

/** Gives up deployments that are under way with nobody at work on them; a rollout that had ended before them is settled then. Answers how many. */
export async function endStranded(deps: Deps, rollout: RolloutItem): Promise<number> {
  const underWay = (await deps.table.query(ranges.deployments(rollout.id))).filter(({ state }) => isInFlight(state));
  let ended = 0;
  for (const deployment of underWay) if (await endOne(deps, deployment)) ended += 1;
  if (!isOpen(rollout.state) && ended === underWay.length) await settle(deps, rollout.id);
  return ended;
}

async function endOne(
  { table, patience, executions, now, log }: Deps,
  { rolloutId, environment, attempt }: DeploymentItem,
): Promise<boolean> {
  const execution = await executions.ofTry(rolloutId, environment, attempt);
  const over = await commit(table, patience, async () => {
    const seen = await lookAtDeployment(table, rolloutId, environment);
    // Another attempt than the one that was asked about is not judged by its execution.
    if (seen?.deployment.attempt !== attempt) return { writes: [], result: undefined };
    const because = strandedDeployment(seen.deployment, execution, now());
    if (because === undefined) return { writes: [], result: undefined };
    return { writes: giveUpDeployment(seen, { code: 'lost', because }, now()).writes, result: because };
  });
  if (over !== undefined) log.warn('deployment given up', { rolloutId, environment, attempt, because: over });
  return over !== undefined;
}

async function settle({ table, patience }: Deps, rolloutId: string): Promise<void> {
  await commit(table, patience, async () => {
    const rollout = await table.get(keys.rollout(rolloutId));
    const settled = rollout === undefined || rollout.unsettled === undefined || isOpen(rollout.state);
    // What ended meanwhile is numbered in the next minute.
    const early = settled || (await hasNews(table, rolloutId));
    return {
      writes: early ? [] : [replace(keys.rollout(rolloutId), rollout, { unsettled: undefined })],
      result: undefined,
    };
  });
}
