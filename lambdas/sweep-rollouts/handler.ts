import { commit, type Patience } from '../../domain/commit.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { lookAtRollout } from '../../domain/rollout/look-at-rollout.ts';
import { overdueStart } from '../../domain/rollout/overdue-start.ts';
import { recordContinuation } from '../../domain/rollout/record-turn.ts';
import { isLongPast, silentRun } from '../../domain/rollout/silent-run.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
}

const A_PAGE = 100;

/** Gives every rollout whose start was missed, or whose execution has died, a new run, which the stream starts like any other. Answers how many. */
export function sweepRollouts(deps: Deps) {
  return async (): Promise<{ readonly started: number }> => {
    let started = 0;
    let after: string | undefined;
    do {
      const page = await deps.table.openRollouts({ limit: A_PAGE, ...(after !== undefined && { after }) });
      for (const rollout of page.items) {
        if ((await isSuspect(deps, rollout)) && (await startAgain(deps, rollout.id))) started += 1;
      }
      after = page.next;
    } while (after !== undefined);
    return { started };
  };
}

/** By a glance that is cheap enough for every rollout in every minute. */
async function isSuspect({ table, now }: Deps, { id, state, abort }: RolloutItem): Promise<boolean> {
  if (state === 'accepted') return true;
  if (state === 'waiting' && abort === undefined) {
    const wait = await table.get(keys.wait(id));
    if (wait !== undefined && !isLongPast(wait.until, now())) return false;
  }
  const last = await lastEventOf(table, id);
  return last === undefined || isLongPast(last.at, now());
}

/** The list may be old: everything is read again, consistently, before anything is written. */
async function startAgain({ table, patience, now, log }: Deps, rolloutId: string): Promise<boolean> {
  const because = await commit(table, patience, async () => {
    const seen = await lookAtRollout(table, rolloutId);
    if (seen === undefined) return { writes: [], result: undefined };
    const asked = await table.get(keys.run(rolloutId, seen.rollout.run));
    const lastEvent = await lastEventOf(table, rolloutId);
    const because = overdueStart(seen.rollout, asked, now()) ?? silentRun({ ...seen, asked, lastEvent }, now());
    return { writes: because === undefined ? [] : recordContinuation(seen, because, now()), result: because };
  });
  if (because !== undefined) log.warn('rollout started again', { rolloutId, because });
  return because !== undefined;
}

async function lastEventOf(table: Table, rolloutId: string) {
  const [last] = await table.query(ranges.events(rolloutId), { descending: true, limit: 1 });
  return last;
}
