import { NotDone } from '../../contracts/not-done.ts';
import type { Progress } from '../progress.ts';
import { findStack } from './find-stack.ts';
import { type Keeper, spawnKeeper } from './spawn-keeper.ts';
import type { StackOptions } from './stack-options.ts';
import type { RunningStack } from './stack-state.ts';

export interface UpOptions {
  readonly stack: StackOptions;
  readonly progress: Progress;
  /** Whether to return when all is ready and leave the stack running; else it runs until `signal`. */
  readonly detach: boolean;
  /** Done when the stack is ready and before `up` says so: registers the examples, say. When it throws, the stack is stopped again. */
  readonly afterReady?: (stack: RunningStack) => Promise<void>;
  /** Called when the stack is ready for people. */
  readonly onReady?: (stack: RunningStack) => void;
  /** Ctrl-C: stops everything, at any moment. */
  readonly signal: AbortSignal;
}

export type UpOutcome =
  /** It runs on, in the background. */
  | { readonly outcome: 'detached'; readonly stack: RunningStack }
  /** It ran, or was about to, and everything was stopped on request (or the keeper ended by `down`). */
  | { readonly outcome: 'stopped' }
  /** The folder has a stack already; `stack` when that one is ready. */
  | { readonly outcome: 'taken'; readonly because: string; readonly stack?: RunningStack };

/** `fairlead up`. @throws NotDone when something could not be started; nothing is left running then. */
export async function up({
  stack: options,
  progress,
  detach,
  afterReady,
  onReady,
  signal,
}: UpOptions): Promise<UpOutcome> {
  signal.throwIfAborted();
  const keeper = spawnKeeper(options, progress);
  const stop = () => keeper.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await keeper.answer;
    if (answer.report === 'taken') return await taken(options.folder, answer.because);
    if (answer.report === 'failed') {
      await keeper.ended;
      if (signal.aborted) return { outcome: 'stopped' };
      throw new NotDone(answer.because);
    }
    await afterReadyOrStop(keeper, () => afterReady?.(answer.stack));
    if (!signal.aborted) onReady?.(answer.stack);
    if (detach && !signal.aborted) {
      await keeper.detach();
      return { outcome: 'detached', stack: answer.stack };
    }
    await keeper.ended;
    return { outcome: 'stopped' };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function afterReadyOrStop(keeper: Keeper, work: () => Promise<void> | undefined): Promise<void> {
  try {
    await work();
  } catch (error: unknown) {
    keeper.stop();
    await keeper.ended;
    throw error;
  }
}

async function taken(folder: string, because: string): Promise<UpOutcome> {
  const seen = await findStack(folder);
  return { outcome: 'taken', because, ...(seen.found === 'ready' ? { stack: seen.state.stack } : {}) };
}
