/** A lease is nobody's before its holder's deadline and its operation's hard end are over, and its fence only rises. */
import type { LeaseItem, Operation } from '../../../domain/items/release.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';
import { CLOCKS_DIFFER_MS } from '../watcher.ts';

const RULE = 'a lease is not taken from whoever may be at work';

export function watchLeases({ broken, now }: WatchDeps): Watcher {
  const isPast = (time: string) => Date.parse(time) <= now().getTime() + CLOCKS_DIFFER_MS;
  const isLive = ({ overAt, hardEnd }: Operation) => overAt === undefined && !isPast(hardEnd);
  const check = (before: LeaseItem, after: LeaseItem) => {
    const what = `${after.namespace}/${after.release}`;
    if (after.fence < before.fence) broken('fences only rise', `${what}: ${before.fence} → ${after.fence}`);
    const { holder, operation } = before;
    const next = after.holder;
    const taken = holder !== undefined && next !== undefined && nameOf(holder) !== nameOf(next);
    if (taken && !isPast(holder.deadline)) {
      broken(RULE, `${what} went from ${nameOf(holder)} (until ${holder.deadline}) to ${nameOf(next)}`);
    }
    if (operation === undefined || !isLive(operation)) return;
    const goesOn = taken || holder === undefined;
    const by = followerOf(operation, after) ?? (next !== undefined && goesOn ? nameOf(next) : undefined);
    if (by === undefined) return;
    broken(
      RULE,
      `${what}: ${operation.kind} of ${operation.requestId} (until ${operation.hardEnd}) was followed by ${by}`,
    );
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

const nameOf = ({
  rolloutId,
  environment,
  attempt,
}: Pick<NonNullable<LeaseItem['holder']>, 'rolloutId' | 'environment' | 'attempt'>) =>
  `${rolloutId} in ${environment}, try ${attempt}`;
