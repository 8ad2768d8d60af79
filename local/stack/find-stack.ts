import { isAlive } from '../process/process-identity.ts';
import { readState, type StackState } from './stack-state.ts';

/** `stale`: written by a keeper that is dead, however it died; its children died with it or are being ended by their guard. */
export type FoundStack =
  | { readonly found: 'none' }
  | { readonly found: 'stale'; readonly state: StackState; readonly because: string }
  | { readonly found: 'starting'; readonly state: StackState & { phase: 'starting' } }
  | { readonly found: 'ready'; readonly state: StackState & { phase: 'ready' } };

/** The stack of a state folder. A keeper counts as alive only when pid and start time agree. */
export async function findStack(folder: string): Promise<FoundStack> {
  const state = await readState(folder);
  return judgeState(state, state !== undefined && (await isAlive(state.keeper)));
}

/** What a state means, given whether its keeper lives. */
export function judgeState(state: StackState | undefined, keeperLives: boolean): FoundStack {
  if (state === undefined) return { found: 'none' };
  if (!keeperLives) return { found: 'stale', state, because: `its keeper, process ${state.keeper.pid}, is gone` };
  return state.phase === 'ready' ? { found: 'ready', state } : { found: 'starting', state };
}
