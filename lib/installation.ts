import type { Config } from '../contracts/config.ts';

/** What every part of the stack is told of the installation it belongs to. */
export interface Installation {
  readonly config: Config;
  /** The helm program of a local stack, where layers are not mounted. @default the kubectl layer's, on AWS */
  readonly helmPath?: string;
  /** Where the keys are that sign GitHub's tokens; a local stack's pretend GitHub has its own. @default GitHub's */
  readonly githubKeysUrl?: string;
  /** True for the local AWS, which has no use for what only tidies up an account (see `KeptBucket`). */
  readonly local: boolean;
}
