import { killGroup } from '../process/kill-group.ts';
import { isAlive, type ProcessIdentity } from '../process/process-identity.ts';
import { waitUntil } from '../process/wait-until.ts';
import type { StackState } from './stack-state.ts';

/** A guard gives its children 3 s before it ends them itself; beyond that nobody else will. */
const GUARD_MS = 6_000;
const KILLED_MS = 10_000;

/**
 * Waits until all children of a keeper that is gone are gone too, and ends those that its guard did not. Never ends a process that only has the pid
 * of one of them. Throws when one survives even that.
 */
export async function endLeftOvers(state: StackState): Promise<void> {
  const children = state.phase === 'ready' ? state.children : [];
  const all = async () => ((await living(children)).length === 0 ? true : undefined);
  const gone = await waitUntil(all, { what: 'the guard', deadlineMs: GUARD_MS }).catch(() => false);
  if (gone) return;
  for (const { pid } of await living(children)) killGroup(pid, 'SIGKILL');
  await waitUntil(all, {
    what: `processes ${children.map(({ pid }) => pid).join(', ')} to end`,
    deadlineMs: KILLED_MS,
  });
}

async function living(children: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const alive = await Promise.all(children.map(isAlive));
  return children.filter((_, index) => alive[index]);
}
