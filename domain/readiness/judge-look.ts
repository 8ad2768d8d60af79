/**
 * What does one look at a release mean for the deployment that made it? Somebody else's helm comes first, for then what
 * we see is not ours; then readiness; then the time that is left.
 */

import { type SmallFailure, smallFailure } from '../deployment/failure.ts';
import type { Time } from '../items/base.ts';
import type { ReleaseHistory } from '../release/release-history.ts';
import { GRACES, type Graces } from './pod-trouble.ts';
import { type SeenRelease, verdictOn } from './verdict.ts';

export interface Look {
  readonly history: ReleaseHistory;
  readonly seen: SeenRelease;
}

export interface Expected {
  /** What helm made for us. */
  readonly revision: number;
  /** When it must be ready. */
  readonly until: Time;
  readonly graces: Graces;
}

export type Observation =
  | { readonly outcome: 'ready' | 'not-yet'; readonly because: string }
  | { readonly outcome: 'failed'; readonly failure: SmallFailure };

/** Judges a look at `now`. */
export function judgeLook({ history, seen }: Look, expected: Expected, now: Date): Observation {
  const foreign = foreignOperation(history, expected.revision);
  if (foreign !== undefined) return { outcome: 'failed', failure: smallFailure('foreign-operation', foreign) };
  const verdict = verdictOn(seen, now, expected.graces);
  if (verdict.verdict === 'ready') return { outcome: 'ready', because: verdict.because };
  if (verdict.verdict === 'failed') {
    return { outcome: 'failed', failure: smallFailure('not-ready', verdict.because, verdict.objects) };
  }
  if (now.getTime() < Date.parse(expected.until)) return { outcome: 'not-yet', because: verdict.because };
  const because = `not ready by ${expected.until}: ${verdict.because}`;
  return { outcome: 'failed', failure: smallFailure('out-of-time', because, verdict.objects) };
}

/** What somebody else did to a release whose latest revision should be `revision` and deployed; `undefined` when nobody did. */
export function foreignOperation({ latest }: Pick<ReleaseHistory, 'latest'>, revision: number): string | undefined {
  if (latest === undefined) return `revision ${revision} is gone: somebody else uninstalled the release`;
  if (latest.revision !== revision) {
    return `the release is at revision ${latest.revision} (${latest.status}), ours was ${revision}: somebody else's helm was at work`;
  }
  return latest.status === 'deployed'
    ? undefined
    : `revision ${revision} is ${latest.status}, not deployed: somebody else's helm is at work`;
}

/** Graces for a package that may take `timeoutMinutes`: an impatient package gives less time to find a node. */
export function gracesFor(timeoutMinutes: number): Graces {
  return { ...GRACES, schedulingSeconds: Math.min(GRACES.schedulingSeconds, timeoutMinutes * 30) };
}
