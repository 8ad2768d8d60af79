/**
 * A build may be at work for an hour and die at any minute of it. So what it claims ends a few minutes ahead, and is
 * renewed while it lives: a dead build frees the release minutes later. Once it cannot be renewed, helm is ended.
 */
import { commit } from '../../domain/commit.ts';
import { renewOperation } from '../../domain/deployment/lease.ts';
import type { LeaseItem } from '../../domain/items/release.ts';
import type { Fence } from '../../domain/release/helm.ts';
import { replace } from '../../domain/table.ts';
import type { Deps } from './deps.ts';
import { claimedUntil } from './hard-end.ts';
import { fenceOf, placesOf, type Work } from './operation.ts';

/** What a claim has written down. */
export interface Claimed {
  readonly fence: number;
  readonly changes: Pick<LeaseItem, 'operation'>;
}

export interface KeptLease {
  readonly fence: Fence;
  /** Ends the renewals; resolves when none is under way. */
  stop(): Promise<void>;
}

type Needs = Pick<Deps, 'table' | 'patience' | 'now' | 'log'>;

/** The fence of a claim, whose end moves on where the call renews it. */
export function keepLease(deps: Needs, work: Work, { fence: number, changes }: Claimed): KeptLease {
  const fence = fenceOf(deps, work, number);
  const { renews, hardEnd } = work.call;
  if (renews === undefined) return { fence, stop: async () => undefined };
  let until = new Date(changes.operation?.hardEnd ?? hardEnd);
  let underWay: Promise<void> | undefined;
  const renewOnce = async () => {
    const next = claimedUntil(work.call, deps.now());
    try {
      until = (await renewed(deps, work, number, next)) ? next : deps.now();
    } catch (error) {
      // The end stands as it is: helm is ended before it, unless a later renewal goes through.
      deps.log.warn('the lease could not be renewed, trying again', { until: until.toISOString(), error });
    }
  };
  const end = renews.every(() => {
    underWay ??= renewOnce().finally(() => {
      underWay = undefined;
    });
    return underWay;
  });
  const stop = async () => {
    end();
    await underWay;
  };
  return { fence: { ...fence, until: () => until }, stop };
}

/** False when the lease is not ours to renew any more. */
function renewed({ table, patience, now }: Needs, work: Work, fence: number, hardEnd: Date): Promise<boolean> {
  const { rolloutId, environment } = work.deployment;
  const me = { rolloutId, environment, attempt: work.attempt };
  const key = placesOf(work).lease;
  return commit(table, patience, async () => {
    const lease = await table.get(key);
    const changes = renewOperation(lease, me, fence, { hardEnd, now: now() });
    if (lease === undefined || changes === undefined) return { writes: [], result: false };
    return { writes: [replace(key, lease, changes)], result: true };
  });
}
