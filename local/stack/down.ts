import { isAlive } from '../process/process-identity.ts';
import { waitUntil } from '../process/wait-until.ts';
import { endLeftOvers } from './end-left-overs.ts';
import { findStack } from './find-stack.ts';
import { removeState, type StackState } from './stack-state.ts';

export type DownOutcome =
  | { readonly outcome: 'stopped'; readonly because: string }
  /** The keeper was dead already; what it left was ended and the note removed. */
  | { readonly outcome: 'cleared'; readonly because: string }
  | { readonly outcome: 'nothing'; readonly because: string };

/** A keeper stops its clusters, MiniStack and all in a few seconds; one that takes longer is killed, and its guard ends what it left. */
const STOP_MS = 45_000;

/**
 * `fairlead down`: asks the keeper to stop and answers when it and every child of its are gone. Never signals a process that merely has a pid that
 * was once one of theirs. Throws when something survives.
 */
export async function down(folder: string): Promise<DownOutcome> {
  const seen = await findStack(folder);
  if (seen.found === 'none') return { outcome: 'nothing', because: `no stack runs in ${folder}` };
  if (seen.found === 'stale') {
    await clear(folder, seen.state);
    return { outcome: 'cleared', because: `${seen.because}${leftIn(seen.state)}` };
  }
  const { state } = seen;
  await endKeeper(state);
  await clear(folder, state);
  return { outcome: 'stopped', because: `process ${state.keeper.pid} and all its children are gone${leftIn(state)}` };
}

/** In a cluster of the user's own nothing is taken away: what was rolled out there may be in use. */
function leftIn(state: StackState): string {
  const context = state.phase === 'ready' ? state.stack.own?.context : undefined;
  if (context === undefined) return '';
  return `; releases and grants stay in the cluster of context ${context}: helm list --all-namespaces shows them, helm uninstall takes them away`;
}

async function endKeeper({ keeper }: StackState): Promise<void> {
  const gone = async () => ((await isAlive(keeper)) ? undefined : true);
  signalTo(keeper.pid, 'SIGTERM');
  const what = `process ${keeper.pid} to stop its stack`;
  const stopped = await waitUntil(gone, { what, deadlineMs: STOP_MS }).catch(() => false);
  if (stopped) return;
  signalTo(keeper.pid, 'SIGKILL');
  await waitUntil(gone, { what, deadlineMs: 5_000 });
}

async function clear(folder: string, state: StackState): Promise<void> {
  await endLeftOvers(state);
  await removeState(folder, state.id);
}

/** A keeper that ended between the look and the signal is what we want. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error: unknown) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
