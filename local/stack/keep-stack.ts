import { guardChannel } from '../process/guard-channel.ts';
import { identityOf } from '../process/process-identity.ts';
import type { Progress } from '../progress.ts';
import { claimStack } from './claim-stack.ts';
import type { StackOptions } from './stack-options.ts';
import { type RunningStack, removeState, type StackState, writeState } from './stack-state.ts';
import { startStack } from './start-stack.ts';

export type KeptStack =
  | { readonly kept: true; readonly stack: RunningStack; readonly broken: Promise<string>; stop(): Promise<void> }
  | { readonly kept: false; readonly found: 'starting' | 'ready'; readonly because: string };

/**
 * Starts a stack with this process as its keeper and writes it down for others to find. `stop` stops every child and takes the note away; call it before
 * the process ends. Answers `kept: false` when the folder has a stack already, and touches nothing then.
 */
export async function keepStack(options: StackOptions, progress: Progress, signal?: AbortSignal): Promise<KeptStack> {
  const claim = await claimStack(options.folder);
  if (!claim.claimed) return { kept: false, found: claim.found, because: claim.because };
  const { state } = claim;
  try {
    const started = await startStack(options, progress, signal);
    const stop = async () => {
      await started.stop();
      await removeState(options.folder, state.id);
    };
    try {
      await writeState(options.folder, await readyState(state, started.stack));
    } catch (error: unknown) {
      await stop();
      throw error;
    }
    return { kept: true, stack: started.stack, broken: started.broken, stop };
  } catch (error: unknown) {
    await removeState(options.folder, state.id);
    throw error;
  }
}

/** With the identities of all children, so that `down` can see them gone. */
async function readyState(state: StackState & { phase: 'starting' }, stack: RunningStack): Promise<StackState> {
  const identities = await Promise.all(guardChannel.running().map(identityOf));
  const children = identities.filter((identity) => identity !== undefined);
  return { ...state, phase: 'ready', stack, children };
}
