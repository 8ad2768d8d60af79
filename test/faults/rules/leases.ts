/** A lease is nobody's before its holder's deadline and its operation's hard end are over, and its fence only rises. */
import type { LeaseItem, Operation } from '../../../domain/items/release.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';
import { CLOCKS_DIFFER_MS } from '../watcher.ts';

const RULE = 'a lease is not taken from whoever may be at work';

export function watchLeases({ broken, now }: WatchDeps): Watcher {
  const isPast = (time: string) => Date.parse(time) <= now().getTime() + CLOCKS_DIFFER_MS;
  const isLive = ({ overAt, hardEnd }: Operation) => overAt === undefined && !isPast(hardEnd);
  /** A living holder makes room for nobody. */
  const keepsIt = (what: string, { holder }: LeaseItem, { holder: next }: LeaseItem): void => {
    if (holder === undefined || next === undefined || nameOf(holder) === nameOf(next) || isPast(holder.deadline))
      return;
    broken(RULE, `${what} went from ${nameOf(holder)} (until ${holder.deadline}) to ${nameOf(next)}`);
  };
  /** A living operation is followed by none of another call, and by no other holder. */
  const goesOn = (what: string, { holder, operation }: LeaseItem, after: LeaseItem): void => {
    if (operation === undefined || !isLive(operation)) return;
    const by = followerOf(operation, after) ?? newHolder(holder, after.holder);
    if (by === undefined) return;
    const told = `${operation.kind} of ${operation.requestId} (until ${operation.hardEnd})`;
    broken(RULE, `${what}: ${told} was followed by ${by}`);
  };
  const check = (before: LeaseItem, after: LeaseItem) => {
    const what = `${after.namespace}/${after.release}`;
    if (after.fence < before.fence) broken('fences only rise', `${what}: ${before.fence} → ${after.fence}`);
    keepsIt(what, before, after);
    goesOn(what, before, after);
  };
  return {
    onChange(changes) {
      for (const { before, after } of changes) {
        if (before?.type === 'lease' && after?.type === 'lease') check(before, after);
        if (before?.type === 'lease' && after === undefined) broken('fences only rise', 'a lease was deleted');
      }
    },
  };
}

function followerOf({ requestId }: Operation, { operation }: LeaseItem): string | undefined {
  return operation === undefined || operation.requestId === requestId
    ? undefined
    : `${operation.kind} of ${operation.requestId}`;
}

type Holder = NonNullable<LeaseItem['holder']>;

function newHolder(before: Holder | undefined, after: Holder | undefined): string | undefined {
  if (after === undefined || (before !== undefined && nameOf(before) === nameOf(after))) return undefined;
  return nameOf(after);
}

const nameOf = ({ rolloutId, environment, attempt }: Holder) => `${rolloutId} in ${environment}, try ${attempt}`;
