/** Who holds a lease, and until when may nobody else take it: the holder's deadline and its live operation's end. */
import type { LeaseItem, Operation } from '../items/release.ts';

/** What names the holder of a lease. */
export interface Holder {
  readonly rolloutId: string;
  readonly environment: string;
  readonly attempt: number;
}

/** True when the lease is held by exactly this attempt at this deployment. */
export function holds(lease: LeaseItem | undefined, who: Holder): boolean {
  const { holder } = lease ?? {};
  return (
    holder !== undefined &&
    holder.rolloutId === who.rolloutId &&
    holder.environment === who.environment &&
    holder.attempt === who.attempt
  );
}

/** True while the process that claimed the operation may still be at work: it has not reported its end, nor reached its hard end. */
export function isLive(operation: Operation | undefined, now: Date): boolean {
  return operation !== undefined && operation.overAt === undefined && Date.parse(operation.hardEnd) > now.getTime();
}

/** Since when others may take the lease from whoever has it, and why not before; nothing when they may now. */
export function busyUntil(lease: LeaseItem | undefined, now: Date): { until: Date; because: string } | undefined {
  if (lease === undefined) return undefined;
  const { holder, operation } = lease;
  const what = `release ${lease.namespace}/${lease.release}`;
  const held = holder !== undefined && Date.parse(holder.deadline) > now.getTime() ? holder : undefined;
  const live = isLive(operation, now) ? operation : undefined;
  if (live !== undefined && !(held !== undefined && held.deadline > live.hardEnd)) {
    const because = `an operation (${live.kind}) may still be at work on ${what}, until ${live.hardEnd} at the latest`;
    return { until: new Date(live.hardEnd), because };
  }
  if (held === undefined) return undefined;
  const who = `rollout ${held.rolloutId} in ${held.environment}`;
  return { until: new Date(held.deadline), because: `${what} is held by ${who}, until ${held.deadline} at the latest` };
}
