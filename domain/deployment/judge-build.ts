/**
 * A build has ended, or Step Functions has lost sight of it. Did it leave an answer; and if not, may somebody else
 * go on where it stopped? A build that is known to be over needs no waiting for; of any other its claim has to run out.
 */
import type { BuildItem } from '../items/build.ts';
import type { LeaseItem, Operation } from '../items/release.ts';
import { isLive } from './lease-holder.ts';

export interface BuildSeen {
  /** What the build wrote down when it started, if it did. */
  readonly build?: BuildItem | undefined;
  readonly lease?: LeaseItem | undefined;
  /** The build that CodeBuild says has ended. It proves nothing of another one that has the turn. */
  readonly over?: string | undefined;
}

export type BuildVerdict =
  | { readonly is: 'answered'; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly is: 'at-work'; readonly until: string; readonly because: string }
  /** `dead`: the request whose operation is over with it. */
  | { readonly is: 'over'; readonly dead?: string; readonly because: string };

/** Judges by what was seen. */
export function judgeBuild({ build, lease, over }: BuildSeen, now: Date): BuildVerdict {
  if (build?.answer !== undefined) return { is: 'answered', answer: build.answer };
  if (build?.buildId === undefined) return { is: 'over', because: 'no build started' };
  const claimed = claimOf(build.buildId, lease?.operation);
  if (over !== build.buildId && claimed !== undefined && isLive(claimed, now)) {
    const because = `build ${build.buildId} may still be at work until ${claimed.hardEnd}`;
    return { is: 'at-work', until: claimed.hardEnd, because };
  }
  const because = `build ${build.buildId} ended without an answer`;
  return claimed === undefined ? { is: 'over', because } : { is: 'over', dead: build.buildId, because };
}

function claimOf(buildId: string, operation: Operation | undefined): Operation | undefined {
  return operation?.requestId === buildId ? operation : undefined;
}
