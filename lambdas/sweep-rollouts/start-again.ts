import { commit } from '../../domain/commit.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { lookAtRollout } from '../../domain/rollout/look-at-rollout.ts';
import { overdueStart } from '../../domain/rollout/overdue-start.ts';
import { recordContinuation } from '../../domain/rollout/record-turn.ts';
import { silentRun } from '../../domain/rollout/silent-run.ts';
import type { Table } from '../../domain/table.ts';
import type { Deps } from './deps.ts';

/** Gives a rollout whose start was missed, or whose execution has died, its next run, which the stream starts like any other. */
export async function startAgain(deps: Deps, rollout: RolloutItem): Promise<boolean> {
  const { table, patience, now, log } = deps;
  const because = await commit(table, patience, async () => {
    const seen = await lookAtRollout(table, rollout.id);
    if (seen === undefined) return { writes: [], result: undefined };
    const { id, run, state } = seen.rollout;
    const [asked, lastEvent] = await Promise.all([table.get(keys.run(id, run)), lastEventOf(table, id)]);
    const execution = state === 'accepted' ? undefined : await deps.executions.ofRun(id, run);
    const because =
      overdueStart(seen.rollout, asked, now()) ?? silentRun({ ...seen, asked, lastEvent, execution }, now());
    return { writes: because === undefined ? [] : recordContinuation(seen, because, now()), result: because };
  });
  if (because !== undefined) log.warn('rollout started again', { rolloutId: rollout.id, because });
  return because !== undefined;
}

/** The last line of its history. */
export async function lastEventOf(table: Table, rolloutId: string) {
  const [last] = await table.query(ranges.events(rolloutId), { descending: true, limit: 1 });
  return last;
}
