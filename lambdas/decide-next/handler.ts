import { nameOfTry } from '../../contracts/ended-execution.ts';
import { type DecideAnswer, DecideInput, WAIT_STEPS } from '../../contracts/machines.ts';
import { type Attempt, commit, type Patience } from '../../domain/commit.ts';
import { giveUpDeployment } from '../../domain/deployment/finish-deployment.ts';
import { lookAtDeployment } from '../../domain/deployment/look-at-deployment.ts';
import type { Calendar, Clock, Log } from '../../domain/ports.ts';
import { decideNext } from '../../domain/rollout/decide-next.ts';
import type { Decision } from '../../domain/rollout/decision.ts';
import { lookAtRollout, type WholeRollout } from '../../domain/rollout/look-at-rollout.ts';
import { catchUp } from '../../domain/rollout/number-news.ts';
import { recordDrop } from '../../domain/rollout/record-drop.ts';
import { chosen, recordAttempts, recordContinuation } from '../../domain/rollout/record-turn.ts';
import { stepBefore } from '../../domain/rollout/wait-steps.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly calendar: Calendar;
  readonly log: Log;
}

type Deploy = Extract<Decision, { action: 'deploy' | 'look' }>;
type GiveUp = Extract<Decision, { action: 'give-up' }>;
type Drop = Extract<Decision, { action: 'drop' }>;

/**
 * Look at what is true, decide, write down what the decision needs, and answer the machine. Lost deployments are
 * given up here, what a newer rollout overtook is dropped, and then everything is looked at again.
 * @throws StillContended when others kept winning: the machine tries again.
 */
export function decide(deps: Deps) {
  const { table, patience, log } = deps;
  return async (event: unknown): Promise<DecideAnswer> => {
    const { rolloutId, run, round } = DecideInput.parse(event);
    for (;;) {
      // What the deployments told comes before what is decided of them.
      await catchUp(table, patience, rolloutId);
      const turn = await commit(table, patience, () => look(deps, rolloutId, { run, round }));
      if (turn.action === 'give-up') {
        await giveUp(deps, rolloutId, turn);
        continue;
      }
      if (turn.action === 'drop') {
        log.info('left to a newer rollout', { rolloutId, newer: turn.newer, because: turn.because });
        continue;
      }
      log.info('decided', { rolloutId, run, round, action: turn.action, because: turn.because });
      return turn;
    }
  };
}

async function look(
  { table, now, calendar }: Deps,
  rolloutId: string,
  turn: { readonly run: number; readonly round: number },
): Promise<Attempt<DecideAnswer | GiveUp | Drop>> {
  const seen = await lookAtRollout(table, rolloutId);
  if (seen === undefined) {
    return { writes: [], result: { action: 'stand-down', because: `there is no rollout ${rolloutId}` } };
  }
  const at = now();
  const decision = decideNext(seen, turn, at, calendar);
  const { because } = decision;
  switch (decision.action) {
    case 'deploy':
    case 'look':
      return { writes: recordAttempts(seen, decision, at), result: deployAnswer(seen, decision) };
    case 'continue':
      return { writes: recordContinuation(seen, because, at), result: { action: 'stand-down', because } };
    case 'wait': {
      const seconds = stepBefore(WAIT_STEPS, new Date(decision.again ?? decision.until), at);
      return { writes: [], result: { action: 'wait', on: decision.on, seconds, because } };
    }
    case 'give-up':
      return { writes: [], result: decision };
    case 'drop':
      return { writes: recordDrop(seen, decision, at), result: decision };
    case 'finish':
    case 'stand-down':
      return { writes: [], result: { action: decision.action, because } };
  }
}

function deployAnswer(seen: WholeRollout, decision: Deploy): DecideAnswer {
  const deployments = chosen(seen, decision).map(({ rolloutId, environment, attempt }) => ({
    environment,
    attempt: attempt + 1,
    name: nameOfTry({ rolloutId, environment, attempt: attempt + 1 }),
  }));
  const { action, maxParallel, because } = decision;
  return { action, maxParallel, deployments, because };
}

async function giveUp(
  { table, patience, now, log }: Deps,
  rolloutId: string,
  { environments, because, code }: GiveUp,
): Promise<void> {
  for (const environment of environments) {
    const { outcome } = await commit(table, patience, async () => {
      const seen = await lookAtDeployment(table, rolloutId, environment);
      if (seen !== undefined) return giveUpDeployment(seen, { code: code ?? 'lost', because }, now());
      return { writes: [], result: { outcome: 'already-over' as const, because: 'there is no such deployment' } };
    });
    log.warn('deployment given up', { rolloutId, environment, outcome, because });
  }
}
