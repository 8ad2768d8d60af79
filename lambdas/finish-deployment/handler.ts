import { tryOf } from '../../contracts/ended-execution.ts';
import { ExecutionEnded, type FinishDeploymentAnswer, FinishDeploymentInput } from '../../contracts/machines.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import type { DeploymentResult } from '../../domain/deployment/deployment-result.ts';
import { finishDeployment } from '../../domain/deployment/finish-deployment.ts';
import type { BrokenCall } from '../../domain/deployment/known-over.ts';
import { lookAtDeployment } from '../../domain/deployment/look-at-deployment.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
}

interface Ended {
  readonly rolloutId: string;
  readonly environment: string;
  readonly attempt: number;
  readonly result: DeploymentResult;
  readonly broken?: readonly BrokenCall[] | undefined;
}

/**
 * Finish one try at a deployment: told by its machine, or by EventBridge when the execution was aborted, timed out
 * or failed and no state of it could. Whoever comes second finds it over.
 * @throws StillContended when siblings kept winning: the caller tries again.
 */
export function finishTry({ table, patience, now, log }: Deps) {
  return async (event: unknown): Promise<FinishDeploymentAnswer> => {
    const ended = endedBy(event);
    if (ended === undefined) {
      log.warn('an execution ended that is none of ours', {
        execution: ExecutionEnded.parse(event).detail.executionArn,
      });
      return { outcome: 'already-over', because: 'the execution is none of ours' };
    }
    const { rolloutId, environment, attempt, result, broken } = ended;
    const answer = await commit(table, patience, async () => {
      const seen = await lookAtDeployment(table, rolloutId, environment);
      if (seen !== undefined) return finishDeployment(seen, attempt, result, now(), broken);
      const because = `rollout ${rolloutId} has no deployment into ${environment}`;
      return { writes: [], result: { outcome: 'already-over' as const, because } };
    });
    log.info('deployment finished', { rolloutId, environment, attempt, result: result.is, ...answer });
    return answer;
  };
}

function endedBy(event: unknown): Ended | undefined {
  const ended = ExecutionEnded.safeParse(event);
  if (!ended.success) return FinishDeploymentInput.parse(event);
  const { detail } = ended.data;
  const which = tryOf(detail);
  if (which === undefined) return undefined;
  const failure = { code: 'interrupted' as const, because: sentences[detail.status] };
  return { ...which, result: { is: 'errored', failure } };
}

/** Error and cause of an execution can hold anything, so they stay in its console. */
const sentences: Readonly<Record<ExecutionEnded['detail']['status'], string>> = {
  ABORTED: 'its execution was stopped by hand: roll out again when the release has been looked at',
  TIMED_OUT: 'its execution ran out of time: roll out again when the release has been looked at',
  FAILED: 'its execution failed: the Step Functions console shows where; roll out again',
};
