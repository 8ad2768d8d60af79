import { type BeginAnswer, Try } from '../../contracts/machines.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import { lookingAt } from '../../domain/deployment/look-at-deployment.ts';
import { beginDeployment } from '../../domain/deployment/record-begin.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  /** ARN of each deployer's function by the deployer's name. */
  readonly deployers: Readonly<Record<string, string>>;
  readonly now: Clock;
  readonly log: Log;
}

/**
 * Begin one try at a deployment, or record why not. Asked twice by the same try, it answers the same.
 * @throws StillContended when siblings kept winning: the machine tries again.
 */
export function beginTry({ table, patience, deployers, now, log }: Deps) {
  return async (event: unknown): Promise<BeginAnswer> => {
    const { rolloutId, environment, attempt } = Try.parse(event);
    const look = lookingAt(table, rolloutId, environment);
    const answer = await commit(table, patience, async (met) => {
      const seen = await look(met);
      if (seen !== undefined) return beginDeployment({ ...seen, deployers }, attempt, now());
      const because = `rollout ${rolloutId} has no deployment into ${environment}`;
      return { writes: [], result: { outcome: 'not-begun' as const, because } };
    });
    const { outcome, because } = answer;
    log.info('deployment judged', { rolloutId, environment, attempt, outcome, because });
    return answer;
  };
}
