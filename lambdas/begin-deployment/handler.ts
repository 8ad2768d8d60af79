import { type BeginAnswer, Try } from '../../contracts/machines.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import type { DeployerWay } from '../../domain/deployment/choose-executor.ts';
import { lookAtDeployment } from '../../domain/deployment/look-at-deployment.ts';
import { beginDeployment } from '../../domain/deployment/record-begin.ts';
import { ranges } from '../../domain/keys.ts';
import type { Calendar, Clock, Log } from '../../domain/ports.ts';
import type { Table } from '../../domain/table.ts';

export interface Deps {
  readonly table: Table;
  readonly patience: Patience;
  /** ARN of each deployer's function by the deployer's name. */
  readonly deployers: Readonly<Record<string, string>>;
  /** What they offer, by the same names; their functions only, when absent. */
  readonly ways?: Readonly<Record<string, DeployerWay>>;
  readonly now: Clock;
  readonly calendar: Calendar;
  readonly log: Log;
}

/**
 * Begin one try at a deployment, or record why not. Asked twice by the same try, it answers the same.
 * @throws StillContended when siblings kept winning: the machine tries again.
 */
export function beginTry({ table, patience, deployers, ways, now, calendar, log }: Deps) {
  return async (event: unknown): Promise<BeginAnswer> => {
    const { rolloutId, environment, attempt } = Try.parse(event);
    const answer = await commit(table, patience, async () => {
      const [seen, freezes] = await Promise.all([
        lookAtDeployment(table, rolloutId, environment),
        table.query(ranges.freezes()),
      ]);
      if (seen !== undefined) return beginDeployment({ ...seen, deployers, ways, freezes, calendar }, attempt, now());
      const because = `rollout ${rolloutId} has no deployment into ${environment}`;
      return { writes: [], result: { outcome: 'not-begun' as const, because } };
    });
    const { outcome, because } = answer;
    log.info('deployment judged', { rolloutId, environment, attempt, outcome, because });
    return answer;
  };
}
