import { StoreWaitInput } from '../../contracts/machines.ts';
import { type Attempt, commit, type Patience } from '../../domain/commit.ts';
import type { Calendar, Clock, Log, Machines } from '../../domain/ports.ts';
import { decideNext } from '../../domain/rollout/decide-next.ts';
import type { Decision } from '../../domain/rollout/decision.ts';
import { lookAtRollout } from '../../domain/rollout/look-at-rollout.ts';
import { isLate, recordWait } from '../../domain/rollout/record-turn.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly machines: Pick<Machines, 'wake'>;
  readonly patience: Patience;
  readonly now: Clock;
  readonly calendar: Calendar;
  readonly log: Log;
}

type Stored = 'stored' | 'no-longer' | 'late';
type Wait = Extract<Decision, { action: 'wait' }>;

/**
 * Store the token of a wait, then look again: what changed between the decision and the token has woken nobody, so
 * whoever stored it has to see it. A late delivery stores nothing; its wait ends by its own timeout.
 * @throws StillContended when others kept winning: the wait then ends by its timeout and is decided again.
 */
export function storeWait(deps: Deps) {
  const { table, patience, machines, now, calendar, log } = deps;
  return async (event: unknown): Promise<{ readonly stored: Stored }> => {
    const { rolloutId, run, round, token } = StoreWaitInput.parse(event);
    const turn = { run, round };
    const { stored, wait } = await commit(table, patience, () => store(deps, rolloutId, turn, token));
    if (stored === 'late') return { stored };
    const after = wait === undefined ? undefined : await lookAtRollout(table, rolloutId);
    const waits = wait !== undefined && after !== undefined && isSame(wait, decideNext(after, turn, now(), calendar));
    if (!waits) await machines.wake(token);
    log.info('wait stored', { rolloutId, run, round, stored, waits });
    return { stored };
  };
}

async function store(
  { table, now, calendar }: Deps,
  rolloutId: string,
  turn: { readonly run: number; readonly round: number },
  token: string,
): Promise<Attempt<{ readonly stored: Stored; readonly wait?: Wait }>> {
  const seen = await lookAtRollout(table, rolloutId);
  if (seen === undefined) return { writes: [], result: { stored: 'no-longer' } };
  if (isLate(seen.wait, turn)) return { writes: [], result: { stored: 'late' } };
  const at = now();
  const decision = decideNext(seen, turn, at, calendar);
  if (decision.action !== 'wait') return { writes: [], result: { stored: 'no-longer' } };
  return { writes: recordWait(seen, turn, token, decision, at), result: { stored: 'stored', wait: decision } };
}

/** Whoever is woken is chosen by what is waited on: a wait that has become another one would be missed. */
function isSame(wait: Wait, decision: Decision): boolean {
  if (decision.action !== 'wait') return false;
  return decision.on === wait.on && decision.behind === wait.behind && decision.stage === wait.stage;
}
