/**
 * After the table was restored to an earlier point: does what it says of a release agree with what helm says in the
 * cluster? What the cluster holds is the truth; the table learns it before anything goes on. Nothing in the cluster changes.
 */
import { busyUntil } from '../deployment/lease-holder.ts';
import type { Time } from '../items/base.ts';
import type { LeaseItem, Operation, ReleaseItem } from '../items/release.ts';
import type { HelmStatus } from '../release/release-history.ts';
import { isStuck } from '../release/stuck-release.ts';
import type { Changes } from '../table.ts';

/** One revision as its labels tell it. */
export interface StandingRevision {
  readonly revision: number;
  readonly status: HelmStatus;
  readonly fence?: number;
  readonly installation?: string;
}

export interface RecoverySeen {
  /** The installation that asks: only what it made can be its own. */
  readonly installation: string;
  readonly release: ReleaseItem;
  readonly lease?: LeaseItem | undefined;
  /** Oldest first. */
  readonly revisions: readonly StandingRevision[];
}

export type RecoveryVerdict =
  | { readonly is: 'agrees'; readonly findings: readonly [] }
  /** Somebody may be at work: nothing is compared before that is over. */
  | { readonly is: 'at-work'; readonly until: Time; readonly findings: readonly string[] }
  | {
      readonly is: 'differs';
      readonly findings: readonly string[];
      /** What a person has to do besides, if anything. */
      readonly person?: string;
      readonly release: Changes<ReleaseItem>;
      readonly lease: Changes<LeaseItem>;
    };

/** Compares, and says what the table has to learn. */
export function judgeRecovery(seen: RecoverySeen, now: Date): RecoveryVerdict {
  const busy = busyUntil(seen.lease, now);
  if (busy !== undefined) return { is: 'at-work', until: busy.until.toISOString(), findings: [busy.because] };
  const parts = [fence(seen), foreignFence(seen), holder(seen), stuck(seen, now), revisions(seen)];
  const findings = parts.flatMap((part) => part.finding ?? []);
  if (findings.length === 0) return { is: 'agrees', findings: [] };
  const person = parts.find((part) => part.person !== undefined)?.person;
  return {
    is: 'differs',
    findings,
    ...(person !== undefined && { person }),
    release: Object.assign({}, ...parts.map((part) => part.release)),
    lease: Object.assign({}, ...parts.map((part) => part.lease)),
  };
}

interface Part {
  readonly finding?: string;
  readonly person?: string;
  readonly release?: Changes<ReleaseItem>;
  readonly lease?: Changes<LeaseItem>;
}

/**
 * More than there ever are claims of one release. A label that says more was not put there by us, and following it would
 * leave no room to rise from: the release could never be claimed again.
 */
const MOST_CLAIMS = 1_000_000_000;

const wasGiven = (fence: number | undefined): fence is number => fence !== undefined && fence <= MOST_CLAIMS;

/** Fences only rise, also over a time that the table has forgotten: whoever still works under one of those is late. */
function fence({ lease, revisions: standing }: RecoverySeen): Part {
  const known = lease?.fence ?? 0;
  const highest = Math.max(0, ...standing.map((revision) => revision.fence).filter(wasGiven));
  if (highest <= known) return {};
  const to = highest + 1;
  return {
    finding: `fence ${highest} stands in the cluster, the table knows ${known}: it becomes ${to}`,
    lease: { fence: to },
  };
}

function foreignFence({ revisions: standing }: RecoverySeen): Part {
  const foreign = standing.findLast((revision) => revision.fence !== undefined && !wasGiven(revision.fence));
  if (foreign === undefined) return {};
  const finding = `fence ${foreign.fence} of revision ${foreign.revision} is none that was ever given out`;
  return { finding, person: `${finding}: find out who wrote that label` };
}

function holder({ lease }: RecoverySeen): Part {
  if (lease?.holder === undefined) return {};
  const { rolloutId, deadline } = lease.holder;
  return {
    finding: `the lease of rollout ${rolloutId} ended at ${deadline}: it is given back`,
    lease: { holder: undefined },
  };
}

/** An upgrade of ours that died in the forgotten time is repaired by the next rollout once its operation is known again. */
function stuck({ installation, lease, revisions: standing }: RecoverySeen, now: Date): Part {
  const latest = standing.at(-1);
  if (latest === undefined || !isStuck(latest.status)) return {};
  const what = `revision ${latest.revision} stands ${latest.status}`;
  const { operation } = lease ?? {};
  if (operation?.fence === latest.fence && operation?.expectedRevision === latest.revision) return {};
  const ours = latest.installation === installation && wasGiven(latest.fence);
  if (!ours || !/^pending-(install|upgrade)$/.test(latest.status)) {
    return {
      finding: `${what}, and nothing shows that it is ours`,
      person: `${what}: finish it or roll it back with helm`,
    };
  }
  const known: Operation = {
    requestId: 'recovery',
    kind: 'apply',
    expectedRevision: latest.revision,
    ...(latest.fence !== undefined && { fence: latest.fence }),
    hardEnd: now.toISOString(),
    overAt: now.toISOString(),
  };
  return { finding: `${what}, and it was ours: the next rollout repairs it`, lease: { operation: known } };
}

/** Inputs are known only while they describe what stands there. */
function revisions({ release, revisions: standing }: RecoverySeen): Part {
  const latest = standing.at(-1);
  const there = latest === undefined || latest.status === 'uninstalled' ? undefined : latest;
  const { liveRevision, goodRevision, state } = release;
  const isGone = goodRevision !== undefined && !standing.some(({ revision }) => revision === goodRevision);
  if (there?.revision === liveRevision && !isGone && state !== 'deploying') return {};
  const was = liveRevision === undefined ? 'none' : `revision ${liveRevision}`;
  const is = there === undefined ? 'nothing' : `revision ${there.revision} (${there.status})`;
  const finding = `${is} stands there, the table knows ${was}${state === 'deploying' ? ', under way' : ''}: what it was made of is forgotten`;
  return {
    finding,
    release: {
      rolloutId: undefined,
      version: undefined,
      chartDigest: undefined,
      inputsDigest: undefined,
      effectiveDigest: undefined,
      liveRevision: there?.status === 'deployed' ? there.revision : undefined,
      goodRevision: isGone || there === undefined ? undefined : goodRevision,
      state: there === undefined ? 'absent' : 'failed',
      because: `the table was restored: ${finding}`,
    },
  };
}
