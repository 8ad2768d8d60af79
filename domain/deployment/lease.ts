/**
 * Who may touch a release. A deployment holds the lease; each invocation that changes something claims the one
 * operation, which raises the fence. Nobody else takes the lease before both deadlines are over (design section 8).
 */

import type { Time } from '../items/base.ts';
import type { LeaseItem, Operation } from '../items/release.ts';
import { type Holder, holds, isLive } from './lease-holder.ts';

export type Claim =
  | { readonly may: 'claim'; readonly fence: number; readonly changes: Pick<LeaseItem, 'fence' | 'operation'> }
  | { readonly may: 'wait'; readonly until: Time; readonly because: string }
  | { readonly may: 'not'; readonly because: string };

export type Wish = Pick<Operation, 'requestId' | 'kind' | 'expectedRevision' | 'hardEnd' | 'call'>;

/** May `me` begin the operation `wish`? The same request may follow up its own operation with the next one. */
export function claimOperation(lease: LeaseItem | undefined, me: Holder, wish: Wish, now: Date): Claim {
  const refusal = whyNotHolder(lease, me, now);
  if (refusal !== undefined || lease === undefined) return { may: 'not', because: refusal ?? 'there is no lease' };
  const { operation } = lease;
  if (operation !== undefined && isLive(operation, now) && operation.requestId !== wish.requestId) {
    const because = `an earlier call (${operation.kind}) may still be at work until ${operation.hardEnd}`;
    return { may: 'wait', until: operation.hardEnd, because };
  }
  const fence = lease.fence + 1;
  return { may: 'claim', fence, changes: { fence, operation: { ...wish, fence } } };
}

/** Why `me` may not write any more, if so: somebody else holds the lease, or its time is over. */
export function whyNotHolder(lease: LeaseItem | undefined, me: Holder, now: Date): string | undefined {
  const holder = lease?.holder;
  if (holder === undefined) return 'nobody holds the lease any more';
  if (!holds(lease, me))
    return `the lease is held by rollout ${holder.rolloutId}, ${holder.environment}, try ${holder.attempt}`;
  if (isPast(holder.deadline, now)) return `the lease ended at ${holder.deadline}`;
  return undefined;
}

/** True while `fence` is the one that may write: ours, not over, not late. */
export function mayWrite(lease: LeaseItem | undefined, me: Holder, fence: number, now: Date): boolean {
  if (lease === undefined || whyNotHolder(lease, me, now) !== undefined) return false;
  return lease.fence === fence && isLive(lease.operation, now);
}

/** What changes when the request's process reports its own end; undefined when the operation is not its any more. */
export function endOperation(lease: LeaseItem, requestId: string, now: Date): Pick<LeaseItem, 'operation'> | undefined {
  const { operation } = lease;
  if (operation?.requestId !== requestId || operation.overAt !== undefined) return undefined;
  return { operation: { ...operation, overAt: now.toISOString() } };
}

/** What changes when the request's process is still at work and needs longer; undefined when `fence` may not write any more. */
export function renewOperation(
  lease: LeaseItem | undefined,
  me: Holder,
  fence: number,
  { hardEnd, now }: { readonly hardEnd: Date; readonly now: Date },
): Pick<LeaseItem, 'operation'> | undefined {
  const operation = lease?.operation;
  if (operation === undefined || !mayWrite(lease, me, fence, now)) return undefined;
  return { operation: { ...operation, hardEnd: hardEnd.toISOString() } };
}

const isPast = (time: Time, now: Date) => Date.parse(time) <= now.getTime();
