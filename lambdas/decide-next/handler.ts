import { nameOfTry } from '../../contracts/ended-execution.ts';
import { type DecideAnswer, DecideInput, WAIT_STEPS } from '../../contracts/machines.ts';
import { type Attempt, commit, type Patience } from '../../domain/commit.ts';
import { giveUpDeployment } from '../../domain/deployment/finish-deployment.ts';
import { lookAtDeployment } from '../../domain/deployment/look-at-deployment.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { decideNext } from '../../domain/rollout/decide-next.ts';
import type { Decision } from '../../domain/rollout/decision.ts';
import { lookAtRollout, type WholeRollout } from '../../domain/rollout/look-at-rollout.ts';
import { chosen, recordAttempts, recordContinuation } from '../../domain/rollout/record-turn.ts';
import { stepBefore } from '../../domain/rollout/wait-steps.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
}

type Deploy = Extract<Decision, { action: 'deploy' }>;
type GiveUp = Extract<Decision, { action: 'give-up' }>;

/**
 * Look at what is true, decide, write down what the decision needs, and answer the machine. Lost deployments are
 * given up here, and then everything is looked at again.
 * @throws StillContended when others kept winning: the machine tries again.
 */
export function decide(deps: Deps) {
  const { table, patience, log } = deps;
  return async (event: unknown): Promise<DecideAnswer> => {
    const { rolloutId, run, round } = DecideInput.parse(event);
    for (;;) {
      const turn = await commit(table, patience, () => look(deps, rolloutId, { run, round }));
      if (turn.action === 'give-up') {
        await giveUp(deps, rolloutId, turn);
        continue;
      }
      log.info('decided', { rolloutId, run, round, action: turn.action, because: turn.because });
      return turn;
    }
  };
}

async function look(
  { table, now }: Deps,
  rolloutId: string,
  turn: { readonly run: number; readonly round: number },
): Promise<Attempt<DecideAnswer | GiveUp>> {
  const seen = await lookAtRollout(table, rolloutId);
  if (seen === undefined) {
    return { writes: [], result: { action: 'stand-down', because: `there is no rollout ${rolloutId}` } };
  }
  const at = now();
  const decision = decideNext(seen, turn, at);
  const { because } = decision;
  switch (decision.action) {
    case 'deploy':
      return { writes: recordAttempts(seen, decision, at), result: deployAnswer(seen, decision) };
    case 'continue':
      return { writes: recordContinuation(seen, because, at), result: { action: 'stand-down', because } };
    case 'wait': {
      const seconds = stepBefore(WAIT_STEPS, new Date(decision.until), at);
      return { writes: [], result: { action: 'wait', on: decision.on, seconds, because } };
    }
    case 'give-up':
      return { writes: [], result: decision };
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
  return { action: 'deploy', maxParallel: decision.maxParallel, deployments, because: decision.because };
}

async function giveUp(
  { table, patience, now, log }: Deps,
  rolloutId: string,
  { environments, because }: GiveUp,
): Promise<void> {
  for (const environment of environments) {
    const { outcome } = await commit(table, patience, async () => {
      const seen = await lookAtDeployment(table, rolloutId, environment);
      if (seen !== undefined) return giveUpDeployment(seen, because, now());
      return { writes: [], result: { outcome: 'already-over' as const, because: 'there is no such deployment' } };
    });
    log.warn('deployment given up', { rolloutId, environment, outcome, because });
  }
}
