import { runOf } from '../../contracts/ended-execution.ts';
import { ExecutionEnded, type FinishRolloutAnswer, FinishRolloutInput } from '../../contracts/machines.ts';
import { type Attempt, commit, type Patience } from '../../domain/commit.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Calendar, Clock, Log } from '../../domain/ports.ts';
import { assign, type NameTarget } from '../../domain/rollout/assignments.ts';
import { decideNext } from '../../domain/rollout/decide-next.ts';
import {
  brokenRun,
  finishRollout,
  type Interruption,
  interruptedRun,
  type RolloutEnding,
  refusedPlan,
} from '../../domain/rollout/finish-rollout.ts';
import { lookAtRollout, type WholeRollout } from '../../domain/rollout/look-at-rollout.ts';
import { catchUp, hasNews } from '../../domain/rollout/number-news.ts';
import type { When } from '../../domain/rollout/rules/frozen.ts';
import { isOpen } from '../../domain/states.ts';
import { type Table, unchanged } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly nameTarget: NameTarget;
  readonly patience: Patience;
  readonly now: Clock;
  readonly calendar: Calendar;
  readonly log: Log;
}

/** What the function is told, by the machine or by EventBridge. */
type Told = FinishRolloutInput & { readonly ended?: Interruption };
/** `news`: something ended while we looked, and is to be told before the end. */
type Answer = FinishRolloutAnswer | { readonly outcome: 'assigned-some' } | { readonly outcome: 'news' };

/** Assignments a transaction; a rollout may have up to 400 targets. */
const ASSIGNMENTS_AT_ONCE = 80;

/**
 * Finish a rollout: told by its machine (which decided so, had its plan refused, or broke), or by EventBridge when the
 * execution was stopped and no state of it could. Decides again first: what changed meanwhile keeps it open.
 * @throws StillContended when others kept winning: the caller tries again.
 */
export function finish(deps: Deps) {
  const { table, patience, log } = deps;
  return async (event: unknown): Promise<FinishRolloutAnswer> => {
    const input = inputOf(event);
    if (input === undefined) {
      log.warn('an execution ended that is none of ours', {
        execution: ExecutionEnded.parse(event).detail.executionArn,
      });
      return { outcome: 'already-over' };
    }
    for (;;) {
      // Its end is the last of its history, but for what is under way still.
      await catchUp(table, patience, input.rolloutId);
      const answer = await commit<Answer>(table, patience, () => look(deps, input));
      if (answer.outcome === 'assigned-some' || answer.outcome === 'news') continue;
      log.info('rollout finished', { rolloutId: input.rolloutId, run: input.run, ...answer });
      return answer;
    }
  };
}

async function look({ table, nameTarget, now, calendar }: Deps, input: Told): Promise<Attempt<Answer>> {
  const seen = await lookAtRollout(table, input.rolloutId);
  if (seen === undefined || !isOpen(seen.rollout.state) || seen.rollout.run !== input.run) {
    return { writes: [], result: { outcome: 'already-over' } };
  }
  const at = now();
  const ending = endingOf(seen, input, { now: at, calendar });
  if (ending === undefined) return { writes: [], result: { outcome: 'not-yet' } };
  const { rollout } = seen;
  if (await hasNews(table, rollout.id)) return { writes: [], result: { outcome: 'news' } };
  const wishes =
    ending.state === 'succeeded'
      ? assign(rollout, await table.query(ranges.assignments(rollout.package)), nameTarget, at)
      : [];
  if (wishes.length > ASSIGNMENTS_AT_ONCE) {
    const some = wishes.slice(0, ASSIGNMENTS_AT_ONCE);
    return { writes: [unchanged(keys.rollout(rollout.id), rollout), ...some], result: { outcome: 'assigned-some' } };
  }
  return { writes: [...finishRollout(seen, ending, at), ...wishes], result: { outcome: 'finished' } };
}

function endingOf(seen: WholeRollout, { run, refused, errored, ended }: Told, when: When): RolloutEnding | undefined {
  if (ended !== undefined) return interruptedRun(ended);
  if (errored !== undefined) return brokenRun(errored.error);
  if (refused !== undefined) return refusedPlan(refused.code, refused.because);
  // Whoever finishes has had its rounds: only the run and what is true count here.
  const decision = decideNext(seen, { run, round: 0 }, when.now, when.calendar);
  return decision.action === 'finish' ? decision : undefined;
}

function inputOf(event: unknown): Told | undefined {
  const ended = ExecutionEnded.safeParse(event);
  if (!ended.success) return FinishRolloutInput.parse(event);
  const { detail } = ended.data;
  const which = runOf(detail);
  return which && { ...which, ended: detail.status };
}
