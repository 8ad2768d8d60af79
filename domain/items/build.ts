/** One build of CodeBuild's that ran helm for one try at a deployment. Its answer reaches the machine through here. */
import type { Base, Time } from './base.ts';

export interface BuildItem extends Base<'build'> {
  readonly rolloutId: string;
  readonly environment: string;
  readonly attempt: number;
  /** The try's first build, its second … */
  readonly turn: number;
  /** CodeBuild's id; absent when the turn was given up before a build started. */
  readonly buildId?: string;
  readonly at: Time;
  /** What it came to, in the words of `contracts/deployer.ts`: small, and nothing of the values in it. */
  readonly answer?: Readonly<Record<string, unknown>>;
  /** It ended without an answer, or never started: whatever still starts for this turn has nothing to do. */
  readonly givenUp?: string;
}
