import { commit } from '../../domain/commit.ts';
import { append } from '../../domain/events.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys } from '../../domain/keys.ts';
import { decideNext } from '../../domain/rollout/decide-next.ts';
import { lookAtRollout } from '../../domain/rollout/look-at-rollout.ts';
import type { Deps } from './deps.ts';

/** Every rollout that waits is judged again once in so many minutes: a day of a hundred of them costs cents. */
const EVERY_MINUTES = 5;

/** Wakes a rollout whose wait is over although nobody told it: the record of the change was lost. */
export async function wakeForgotten(deps: Deps, { id, state }: RolloutItem): Promise<boolean> {
  const { table, machines, patience, now, calendar, log } = deps;
  if (state !== 'waiting' || !isItsTurn(id, now())) return false;
  const seen = await lookAtRollout(table, id);
  if (seen?.wait === undefined) return false;
  const { run, round, token, on } = seen.wait;
  const decision = decideNext(seen, { run, round }, now(), calendar);
  if (decision.action === 'wait' || decision.action === 'stand-down') return false;
  // Who has been told meanwhile waits on another token, or not at all.
  if ((await machines.wake(token)) === 'gone') return false;
  const { action, because } = decision;
  log.warn('rollout woken that nobody had told', { rolloutId: id, on, action, because });
  const text = `nobody had told it that its wait on ${on} is over: ${because}`;
  await commit(table, patience, async () => {
    const events = await table.get(keys.events(id));
    const event = { at: now().toISOString(), kind: 'swept' as const, text, by: 'fairlead' };
    return { writes: events === undefined ? [] : append(id, events, [event]), result: undefined };
  });
  return true;
}

/** Spread by the random end of its id, so that not all are looked at in one minute. */
function isItsTurn(id: string, now: Date): boolean {
  const share = [...id.slice(-4)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return Math.floor(now.getTime() / 60_000) % EVERY_MINUTES === share % EVERY_MINUTES;
}
