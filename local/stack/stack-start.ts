import type { Tools } from '../install/ensure-tools.ts';
import type { Progress } from '../progress.ts';
import type { FullStackOptions } from './stack-options.ts';
import type { Stopper } from './stopper.ts';

/** What every part of a stack's start is handed. */
export interface StackStart {
  readonly options: FullStackOptions;
  readonly progress: Progress;
  /** Takes what came up, so that it is stopped whatever happens next. */
  readonly stopper: Stopper;
  /** Folder for logs. */
  readonly logs: string;
  readonly tools: Omit<Tools, 'kubernetes' | 'authenticator'>;
  /** Told when a program that came up has ended without being asked to. */
  readonly onBroken: (program: string) => void;
}
