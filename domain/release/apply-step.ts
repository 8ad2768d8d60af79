/**
 * What may this call do to bring a deployment's inputs into the cluster, by the lease and by what helm remembers
 * there? The write that follows is conditional on the same lease, so two calls never both go ahead.
 */

import { type Claim, claimOperation, type Wish } from '../deployment/lease.ts';
import { isLive } from '../deployment/lease-holder.ts';
import { whyNotOurs } from '../deployment/whose-try.ts';
import type { Time } from '../items/base.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { LeaseItem, ReleaseItem } from '../items/release.ts';
import type { Outcome } from '../outcome.ts';
import type { ReleaseHistory, RevisionSummary } from './release-history.ts';
import { isKept, type RepairWay, repairWay } from './repair-way.ts';
import { fenceOf, judgeStuck, standingOf } from './stuck-release.ts';

export interface ApplySeen {
  readonly deployment: DeploymentItem;
  /** The try that this call is part of. */
  readonly attempt: number;
  readonly lease?: LeaseItem | undefined;
  readonly release?: ReleaseItem | undefined;
  readonly history: ReleaseHistory;
  /** An object that stood there before the first install; looked for when that could be taken away. */
  readonly adopted?: string | undefined;
  readonly effectiveDigest: string;
  /** Is what stands there ready? Only asked when `healthMatters`. */
  readonly healthy: boolean;
  readonly requestId: string;
  readonly hardEnd: Date;
  /** The machine's number of this call, where it has given one. */
  readonly number?: number | undefined;
}

type Claimed = Pick<Extract<Claim, { may: 'claim' }>, 'fence' | 'changes'>;

/** The ways that leave a release settled. */
type UnsticksBy = Exclude<RepairWay, { is: 'none' | 're-apply' }>;

export type ApplyStep =
  | { readonly is: 'lost'; readonly because: string }
  | { readonly is: 'wait'; readonly until: Time; readonly because: string }
  | { readonly is: 'blocked'; readonly outcome: Outcome }
  | { readonly is: 'unchanged'; readonly revision: number; readonly because: string }
  /** An earlier call of this try made it and could not say so any more. */
  | { readonly is: 'made'; readonly revision: number }
  | ({ readonly is: 'repair'; readonly way: UnsticksBy; readonly because: string } & Claimed)
  /**
   * `adopts`: a healthy revision that we did not know, which becomes the good one. `forgets`: what is recorded is of a
   * release that somebody has taken away since; its numbers would mean other revisions soon.
   */
  | ({
      readonly is: 'upgrade';
      readonly expectedRevision: number;
      readonly adopts?: number;
      readonly forgets?: true;
    } & Claimed);

/** Decides the next step. Ask again after each one. */
export function applyStep(seen: ApplySeen, now: Date): ApplyStep {
  const { lease, deployment, history } = seen;
  const refusal = whyNotOurs(deployment, seen.attempt, lease, now);
  if (refusal !== undefined) return { is: 'lost', because: refusal };
  const late = whyTooLate(deployment);
  if (late !== undefined) return { is: 'lost', because: late };
  const standing = standingOf(history);
  const expectedRevision = (history.latest?.revision ?? 0) + 1;
  const claim = (kind: Wish['kind']) => claimFor(seen, kind, expectedRevision, now);

  const repair = claim('repair');
  if (repair.may !== 'claim') return waitOrLost(repair);
  const stuck = judgeStuck(standing, lease?.operation);
  if (stuck.is === 'foreign') return blocked('foreign-operation', stuck.because);
  if (stuck.is === 'ours') {
    const way = repairWay(history, seen.release, seen.adopted);
    if (way.is === 'none') return blocked('interrupted', `${stuck.because}; ${way.because}`);
    // Only what is settled is applied again, and this is not.
    if (way.is === 're-apply') return blocked('interrupted', stuck.because);
    return { is: 'repair', way, fence: repair.fence, changes: repair.changes, because: stuck.because };
  }
  if (standing !== undefined && isUnchanged(seen, standing)) {
    const because = `revision ${standing.revision} has the same chart and values, and is healthy`;
    return { is: 'unchanged', revision: standing.revision, because };
  }
  if (standing !== undefined && madeBefore(standing, lease)) return { is: 'made', revision: standing.revision };
  const upgrade = claim('apply');
  if (upgrade.may !== 'claim') return waitOrLost(upgrade);
  const { fence, changes } = upgrade;
  return { is: 'upgrade', expectedRevision, fence, changes, ...learned(seen, standing) };
}

/** Why a call, or a build, that was given up and comes late must not apply any more: what it would bring has proved bad meanwhile. */
export function whyTooLate({ state }: Pick<DeploymentItem, 'state'>): string | undefined {
  return state === 'rolling-back' ? 'the deployment is being rolled back' : undefined;
}

/** Whether `applyStep` will ask for the health of what stands there. */
export function healthMatters(seen: Omit<ApplySeen, 'healthy'>, now: Date): boolean {
  const live = seen.lease?.operation !== undefined && isLive(seen.lease.operation, now);
  const standing = standingOf(seen.history);
  return !live && standing !== undefined && (adoptable(seen) || isUnchanged({ ...seen, healthy: true }, standing));
}

function claimFor(
  { deployment, attempt, lease, requestId, hardEnd, number }: ApplySeen,
  kind: Wish['kind'],
  expectedRevision: number,
  now: Date,
): Claim {
  const { rolloutId, environment } = deployment;
  const call = number === undefined ? {} : { call: number };
  const wish = { requestId, kind, expectedRevision, hardEnd: hardEnd.toISOString(), ...call };
  return claimOperation(lease, { rolloutId, environment, attempt }, wish, now);
}

function waitOrLost(claim: Exclude<Claim, { may: 'claim' }>): ApplyStep {
  const { because } = claim;
  return claim.may === 'wait' ? { is: 'wait', until: claim.until, because } : { is: 'lost', because };
}

/** *Begin* raises the fence, so an operation with the fence of now is one of this try. */
function madeBefore(standing: RevisionSummary, lease: LeaseItem | undefined): boolean {
  const operation = lease?.operation;
  return (
    operation?.kind === 'apply' &&
    operation.fence === lease?.fence &&
    operation.expectedRevision === standing.revision &&
    fenceOf(standing) === operation.fence &&
    standing.status === 'deployed'
  );
}

function isUnchanged({ release, deployment, effectiveDigest, healthy }: ApplySeen, standing: RevisionSummary): boolean {
  return (
    release?.effectiveDigest === effectiveDigest &&
    release.chartDigest === deployment.inputs.chartDigest &&
    release.liveRevision === standing.revision &&
    standing.status === 'deployed' &&
    healthy
  );
}

/** What the look at the release says against what is recorded of it. */
function learned(
  seen: ApplySeen,
  standing: RevisionSummary | undefined,
): Pick<Extract<ApplyStep, { is: 'upgrade' }>, 'adopts' | 'forgets'> {
  if (standing !== undefined && seen.healthy && adoptable(seen)) return { adopts: standing.revision };
  return isGone(seen) ? { forgets: true } : {};
}

/**
 * A release of which we know no good revision (it stood there before Fairlead, or others have changed it so often that
 * helm forgot ours): if it is healthy, it is what to go back to.
 */
function adoptable({ release, history }: Pick<ApplySeen, 'release' | 'history'>): boolean {
  if (release === undefined || standingOf(history)?.status !== 'deployed') return false;
  return release.goodRevision === undefined || !isKept(history, release.goodRevision);
}

/** helm's numbers only rise while a release lives: where nothing stands, or a lower number, ours was uninstalled. */
function isGone({ release, history }: Pick<ApplySeen, 'release' | 'history'>): boolean {
  const known = release?.goodRevision ?? release?.liveRevision;
  if (known === undefined) return false;
  const standing = standingOf(history);
  return standing === undefined || standing.revision < known;
}

const blocked = (code: Outcome['code'], because: string): ApplyStep => ({ is: 'blocked', outcome: { code, because } });
