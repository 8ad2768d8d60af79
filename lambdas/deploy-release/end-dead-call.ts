/** A call of this try that died before this one need not be waited for: what it had claimed is over. */
import { commit } from '../../domain/commit.ts';
import { type BrokenCall, endDead } from '../../domain/deployment/known-over.ts';
import { replace } from '../../domain/table.ts';
import type { Deps } from './deps.ts';
import { placesOf, type Work } from './operation.ts';

/** Ends the operation on the lease when one of `broken` had claimed it and is certainly over; else changes nothing. */
export async function endDeadCall(
  { table, patience, now, log }: Pick<Deps, 'table' | 'patience' | 'now' | 'log'>,
  work: Work,
  broken: readonly BrokenCall[] = [],
): Promise<void> {
  if (broken.length === 0) return;
  const { rolloutId, environment } = work.deployment;
  const me = { rolloutId, environment, attempt: work.attempt };
  const key = placesOf(work).lease;
  const ended = await commit(table, patience, async () => {
    const lease = await table.get(key);
    const over = endDead(lease, me, broken, now());
    return lease === undefined || over === undefined
      ? { writes: [], result: undefined }
      : { writes: [replace(key, lease, over)], result: over.operation };
  });
  if (ended !== undefined) {
    const { kind, call, fence } = ended;
    log.warn('an earlier call of this try died: what it had claimed is over', { ...me, kind, call, fence });
  }
}
