import { commit, type Patience } from '../../domain/commit.ts';
import { keys } from '../../domain/keys.ts';
import { lookAtRollout } from '../../domain/look-at-rollout.ts';
import { overdueStart } from '../../domain/overdue-start.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { recordContinuation } from '../../domain/record-turn.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
}

const A_PAGE = 100;

/** Gives every rollout whose start was missed a new run, which the stream starts like any other. Answers how many. */
export function sweepRollouts(deps: Deps) {
  return async (): Promise<{ readonly started: number }> => {
    let started = 0;
    let after: string | undefined;
    do {
      const page = await deps.table.openRollouts({ limit: A_PAGE, ...(after !== undefined && { after }) });
      const accepted = page.items.filter(({ state }) => state === 'accepted');
      for (const { id } of accepted) if (await startAgain(deps, id)) started += 1;
      after = page.next;
    } while (after !== undefined);
    return { started };
  };
}

/** The list may be old: everything is read again, consistently, before anything is written. */
async function startAgain({ table, patience, now, log }: Deps, rolloutId: string): Promise<boolean> {
  const because = await commit(table, patience, async () => {
    const seen = await lookAtRollout(table, rolloutId);
    if (seen === undefined) return { writes: [], result: undefined };
    const asked = await table.get(keys.run(rolloutId, seen.rollout.run));
    const because = overdueStart(seen.rollout, asked, now());
    return { writes: because === undefined ? [] : recordContinuation(seen, because, now()), result: because };
  });
  if (because !== undefined) log.warn('rollout started again', { rolloutId, because });
  return because !== undefined;
}
