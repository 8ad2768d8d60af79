/** A lease is nobody's before its holder's deadline and its operation's hard end are over, and its fence only rises. */
import type { LeaseItem } from '../../../domain/items/release.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';
import { CLOCKS_DIFFER_MS } from '../watcher.ts';

const RULE = 'a lease is not taken from whoever may be at work';

export function watchLeases({ broken, now }: WatchDeps): Watcher {
  const isPast = (time: string) => Date.parse(time) <= now().getTime() + CLOCKS_DIFFER_MS;
  const check = (before: LeaseItem, after: LeaseItem) => {
    const what = `${after.namespace}/${after.release}`;
    if (after.fence < before.fence) broken('fences only rise', `${what}: ${before.fence} → ${after.fence}`);
    const { holder, operation } = before;
    const next = after.holder;
    const taken = holder !== undefined && next !== undefined && nameOf(holder) !== nameOf(next);
    if (taken && !isPast(holder.deadline)) {
      broken(RULE, `${what} went from ${nameOf(holder)} (until ${holder.deadline}) to ${nameOf(next)}`);
    }
    const live = operation !== undefined && operation.overAt === undefined && !isPast(operation.hardEnd);
    if (!live) return;
    const other = after.operation !== undefined && after.operation.requestId !== operation.requestId;
    if (other || taken || (holder === undefined && next !== undefined)) {
      const of = `${operation.kind} of ${operation.requestId} (until ${operation.hardEnd})`;
      const by = other
        ? `${after.operation?.kind} of ${after.operation?.requestId}`
        : nameOf(next ?? { rolloutId: '?', environment: '?', attempt: 0 });
      broken(RULE, `${what}: ${of} was followed by ${by}`);
    }
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

const nameOf = ({
  rolloutId,
  environment,
  attempt,
}: Pick<NonNullable<LeaseItem['holder']>, 'rolloutId' | 'environment' | 'attempt'>) =>
  `${rolloutId} in ${environment}, try ${attempt}`;
