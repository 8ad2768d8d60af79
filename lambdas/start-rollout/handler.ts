import { Batch, StartAsked } from '../../contracts/stream-record.ts';
import { type BatchAnswer, handleEach } from '../../domain/handle-each.ts';
import type { Log, Machines, RetryQueue } from '../../domain/ports.ts';

export interface Deps {
  readonly machines: Pick<Machines, 'startRollout' | 'startPlan'>;
  readonly retry: RetryQueue;
  readonly log: Log;
}

/** Starts an execution for every new run and every new plan. One that was started before counts as done: records come at least once. */
export function startRollout({ machines, retry, log }: Deps) {
  const handle = async (record: unknown): Promise<void> => {
    const asked = StartAsked.parse(record);
    if (asked.type === 'plan') {
      const planId = asked.id;
      const outcome = await machines.startPlan(planId, asked.package);
      log.info('plan started', { planId, package: asked.package, outcome });
      return;
    }
    const { rolloutId, run } = asked;
    const outcome = await machines.startRollout(rolloutId, run);
    log.info('run started', { rolloutId, run, outcome });
  };
  return async (event: unknown): Promise<BatchAnswer> => handleEach(Batch.parse(event), { handle, retry, log });
}
