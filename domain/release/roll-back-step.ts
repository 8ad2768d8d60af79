/**
 * What may this call do to take a bad release back? Only what we made is taken back, and only to a revision that
 * we saw healthy; a first install goes away again. Anything else stays as it is, for a person.
 */

import { type Claim, claimOperation } from '../deployment/lease.ts';
import { whyNotOurs } from '../deployment/whose-try.ts';
import type { Time } from '../items/base.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { GoodInputs, LeaseItem, Operation, ReleaseItem } from '../items/release.ts';
import type { ReleaseHistory, RevisionSummary } from './release-history.ts';
import { repairWay } from './repair-way.ts';
import { fenceOf, isStuck, judgeStuck, standingOf } from './stuck-release.ts';

export interface RollBackSeen {
  readonly deployment: DeploymentItem;
  readonly attempt: number;
  readonly lease?: LeaseItem | undefined;
  readonly release?: ReleaseItem | undefined;
  readonly history: ReleaseHistory;
  /** An object that stood there before the first install; looked for when that could be taken away. */
  readonly adopted?: string | undefined;
  readonly requestId: string;
  readonly hardEnd: Date;
  /** The machine's number of this call, where it has given one. */
  readonly number?: number | undefined;
}

type Claimed = Pick<Extract<Claim, { may: 'claim' }>, 'fence' | 'changes'>;

export type RollBackStep =
  | { readonly is: 'lost' | 'refused'; readonly because: string }
  | { readonly is: 'wait'; readonly until: Time; readonly because: string }
  /** An earlier call has done it. */
  | { readonly is: 'done'; readonly revision?: number; readonly because: string }
  | ({ readonly is: 'roll-back'; readonly toRevision: number; readonly expectedRevision: number } & Claimed)
  /** helm has forgotten the good revision; its inputs come once more, as a revision of their own. */
  | ({ readonly is: 're-apply'; readonly good: GoodInputs; readonly expectedRevision: number } & Claimed)
  /** So that helm can apply anything at all; ask again afterwards. */
  | ({ readonly is: 'un-stick'; readonly toRevision: number; readonly expectedRevision: number } & Claimed)
  | ({ readonly is: 'uninstall' } & Claimed);

/** Decides how to take back what this deployment applied. */
export function rollBackStep(seen: RollBackSeen, now: Date): RollBackStep {
  const { deployment, lease, history } = seen;
  const lost = whyNotOurs(deployment, seen.attempt, lease, now);
  if (lost !== undefined) return { is: 'lost', because: lost };
  const probe = claimFor(seen, 'roll-back', 1, now);
  if (probe.may !== 'claim') return waitOrLost(probe);

  const standing = standingOf(history);
  if (standing === undefined) return { is: 'done', because: 'nothing is installed there any more' };
  const operation = lease?.operation;
  if (tookBack(standing, operation)) {
    return { is: 'done', revision: standing.revision, because: `revision ${standing.revision} is the good one again` };
  }
  const foreign = whyForeign(standing, deployment, operation);
  if (foreign !== undefined) return { is: 'refused', because: foreign };
  return go(seen, standing, now);
}

function go(seen: RollBackSeen, standing: RevisionSummary, now: Date): RollBackStep {
  const way = repairWay(seen.history, seen.release, seen.adopted);
  if (way.is === 'none') return { is: 'refused', because: way.because };
  const expectedRevision = way.is === 'uninstall' ? standing.revision : standing.revision + 1;
  const claim = claimFor(seen, way.is === 'un-stick' ? 'repair' : way.is, expectedRevision, now);
  if (claim.may !== 'claim') return waitOrLost(claim);
  const { fence, changes } = claim;
  if (way.is === 'uninstall') return { is: 'uninstall', fence, changes };
  return { ...way, expectedRevision, fence, changes };
}

/** Our own roll-back, finished by a call that could not say so any more. */
function tookBack(standing: RevisionSummary, operation: Operation | undefined): boolean {
  if (standing.revision !== operation?.expectedRevision || standing.status !== 'deployed') return false;
  return operation.kind === 'roll-back' || (operation.kind === 're-apply' && fenceOf(standing) === operation.fence);
}

function whyForeign(
  standing: RevisionSummary,
  deployment: DeploymentItem,
  operation: Operation | undefined,
): string | undefined {
  if (isStuck(standing.status)) {
    const stuck = judgeStuck(standing, operation);
    return stuck.is === 'foreign' ? stuck.because : undefined;
  }
  const applied =
    standing.revision === deployment.revision ||
    (operation?.kind === 'apply' &&
      standing.revision === operation.expectedRevision &&
      fenceOf(standing) === operation.fence);
  const triedBefore =
    (operation?.kind === 'roll-back' || operation?.kind === 're-apply' || operation?.kind === 'repair') &&
    standing.revision <= operation.expectedRevision &&
    standing.revision > (deployment.revision ?? 0);
  if (applied || triedBefore) return undefined;
  return `revision ${standing.revision} is not ours (we made ${deployment.revision ?? 'none'}): somebody else has changed the release since`;
}

function claimFor(seen: RollBackSeen, kind: Operation['kind'], expectedRevision: number, now: Date): Claim {
  const { deployment, attempt, requestId, hardEnd, number } = seen;
  const { rolloutId, environment } = deployment;
  const call = number === undefined ? {} : { call: number };
  const wish = { requestId, kind, expectedRevision, hardEnd: hardEnd.toISOString(), ...call };
  return claimOperation(seen.lease, { rolloutId, environment, attempt }, wish, now);
}

function waitOrLost(claim: Exclude<Claim, { may: 'claim' }>): RollBackStep {
  const { because } = claim;
  return claim.may === 'wait' ? { is: 'wait', until: claim.until, because } : { is: 'lost', because };
}
