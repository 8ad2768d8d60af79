/**
 * The end of a deployment, written down once: its outcome, the lease given back, what stands there now, and what
 * follows from it (quarantine, hold, the failure count). Whoever comes second finds it over and writes nothing.
 */
import type { Attempt } from '../commit.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { HoldItem, QuarantineItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import { leaseKey } from '../registry/place.ts';
import { releaseAfter } from '../release/release-after.ts';
import { countsAsFailure, isFinal, isInFlight } from '../states.ts';
import { create, replace, unchanged, type Write, write } from '../table.ts';
import { type DeploymentResult, type Ending, endingOf, type Failure, type FinalResult } from './deployment-result.ts';
import { type BrokenCall, endDead } from './known-over.ts';
import { holds } from './lease-holder.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';
import { makeItHold } from './make-it-hold.ts';
import { giveUpLook, isLook, recordLook } from './record-look.ts';
import { countFailure, tell } from './tell.ts';
import { type TriedAgain, whenSilent } from './when-silent.ts';

/** What the caller is told; `contracts/machines.ts` has its zod twin. */
export interface FinishAnswer {
  readonly outcome: 'finished' | 'already-over';
  readonly because: string;
}

/**
 * Ends the try `attempt` with `result`. Only the try at hand, and only while it is in flight: an attempt that never
 * reached Begin stays `pending`, for the next one. `broken`: calls of the deployer that came to no answer.
 */
export function finishDeployment(
  seen: DeploymentSeen,
  attempt: number,
  result: DeploymentResult,
  now: Date,
  broken: readonly BrokenCall[] = [],
): Attempt<FinishAnswer> {
  const { environment, state, attempt: current } = seen.deployment;
  const over = (because: string) => ({ writes: [], result: { outcome: 'already-over' as const, because } });
  if (current !== attempt)
    return over(`attempt ${attempt} in ${environment} is not the current one: that is ${current}`);
  if (isLook(seen.deployment)) return recordLook(seen, result, now);
  if (!isInFlight(state)) return over(`attempt ${attempt} in ${environment} is not under way: ${state}`);
  if (result.is === 'still-ready' || result.is === 'soured')
    return over(`attempt ${attempt} in ${environment} is no look`);
  const silent = whenSilent(seen, result, now);
  if (silent?.is === 'tried-again') return tryAgain(seen, silent, broken, now);
  return end(seen, silent?.result ?? result, now, broken);
}

/**
 * Gives a deployment up as `errored`: one whose attempts never reached Begin, that is in flight beyond its deadline, or
 * whose looks were never recorded. The caller has judged that; what is final stays as it is.
 */
export function giveUpDeployment(seen: DeploymentSeen, why: Failure, now: Date): Attempt<FinishAnswer> {
  const { environment, state } = seen.deployment;
  if (isLook(seen.deployment)) return giveUpLook(seen, why, now);
  if (isFinal(state))
    return {
      writes: [],
      result: { outcome: 'already-over', because: `the deployment into ${environment} is ${state}` },
    };
  return end(seen, { is: 'errored', failure: why }, now);
}

function end(
  seen: DeploymentSeen,
  result: FinalResult,
  now: Date,
  broken: readonly BrokenCall[] = [],
): Attempt<FinishAnswer> {
  const { deployment } = seen;
  const ending = endingOf(result);
  const { state, outcome, evidence } = ending;
  // A rolled back deployment keeps the revision that it made, not the one that took its place.
  const revision = state === 'rolled-back' ? undefined : ending.revision;
  const finished = { state, outcome, finishedAt: now.toISOString(), ...NO_LONGER_PUT_OFF };
  const known = { ...(revision !== undefined && { revision }), ...(evidence !== undefined && { evidence }) };
  const told = { at: now, kind: 'deployment-finished' as const, text: outcome.because, state };
  return {
    writes: [
      ...tell(deployment, { ...finished, ...known }, [told]),
      ...(countsAsFailure(state) ? [countFailure(deployment, seen.failures)] : []),
      ...giveBack(seen, broken, now),
      ...aftermath(seen, result.is, ending, now),
      ...wake(seen),
    ],
    result: { outcome: 'finished', because: outcome.because },
  };
}

const NO_LONGER_PUT_OFF = { deferred: undefined, unreachableSince: undefined, touched: undefined };

/** Back to `pending`: not counted, the lease given back, and the release's record says what may stand there. */
function tryAgain(
  seen: DeploymentSeen,
  again: TriedAgain,
  broken: readonly BrokenCall[],
  now: Date,
): Attempt<FinishAnswer> {
  const { deployment, release } = seen;
  const { environment, package: pkg, sequence } = deployment;
  const { changes, because, failure } = again;
  const after = releaseAfter(deployment, release, 'errored', endingOf({ is: 'errored', failure }), now);
  const ours = (release?.highestSequence ?? 0) <= sequence;
  const news = { at: now, kind: 'deployment-deferred' as const, text: because };
  const told = deployment.unreachableSince !== undefined;
  return {
    writes: [
      ...tell(deployment, { ...BEFORE_BEGIN, ...changes }, told ? [] : [news]),
      ...giveBack(seen, broken, now),
      ...(ours ? [write(keys.release(environment, pkg), release, { ...after, because })] : []),
      ...wake(seen),
    ],
    result: { outcome: 'finished', because },
  };
}

/** What a try leaves on its deployment goes with it; the next one begins as the first did. */
const BEFORE_BEGIN = {
  state: 'pending' as const,
  startedAt: undefined,
  deadline: undefined,
  observeUntil: undefined,
  revision: undefined,
  effectiveDigest: undefined,
};

/** The holder goes, the operation stays: while it may still be at work, nobody else gets the lease. A dead one is over. */
function giveBack({ deployment, lease }: DeploymentSeen, broken: readonly BrokenCall[], now: Date): Write[] {
  if (lease === undefined || !holds(lease, deployment)) return [];
  const over = endDead(lease, deployment, broken, now);
  return [replace(leaseKey(deployment.place), lease, { ...over, holder: undefined })];
}

function aftermath(seen: DeploymentSeen, is: FinalResult['is'], ending: Ending, now: Date): Write[] {
  const { deployment, release } = seen;
  const { environment, package: pkg, sequence } = deployment;
  // What never began touched nothing; and what a newer rollout has begun here is not ours to describe.
  if (!isInFlight(deployment.state) || (release?.highestSequence ?? 0) > sequence) return [];
  const after = releaseAfter(deployment, release, is, ending, now);
  return [
    write(keys.release(environment, pkg), release, after),
    ...(ending.provedBad ? quarantine(seen, ending, now) : []),
    ...makeItHold(seen, is, now),
    ...(ending.state === 'failed' ? hold(seen, ending, now) : []),
  ];
}

function quarantine({ deployment, quarantine: there }: DeploymentSeen, { outcome }: Ending, now: Date): Write[] {
  const { rolloutId, package: pkg, environment, inputs } = deployment;
  const key = keys.quarantine(environment, pkg, inputs.digest);
  if (there !== undefined) return [unchanged(key, there)];
  const item: Omit<QuarantineItem, 'rev'> = {
    type: 'quarantine',
    v: 1,
    package: pkg,
    environment,
    inputsDigest: inputs.digest,
    version: inputs.version,
    rolloutId,
    because: outcome.because,
    at: now.toISOString(),
  };
  return [create(key, item)];
}

/** A hold that people made is left in their words. */
function hold({ deployment, hold: there }: DeploymentSeen, { outcome }: Ending, now: Date): Write[] {
  const { package: pkg, environment } = deployment;
  const key = keys.hold(environment, pkg);
  if (there !== undefined) return [unchanged(key, there)];
  const item: Omit<HoldItem, 'rev'> = {
    type: 'hold',
    v: 1,
    package: pkg,
    environment,
    reason: reasonOf(deployment, outcome.because),
    by: 'fairlead',
    at: now.toISOString(),
    kind: 'failed-rollback',
    rolloutId: deployment.rolloutId,
  };
  return [create(key, item)];
}

/** Reasons of holds have at most 1000 characters. */
function reasonOf({ rolloutId }: DeploymentItem, because: string): string {
  return `the release is bad and was not rolled back (rollout ${rolloutId}): ${because}`.slice(0, 1000);
}

/**
 * Whoever waits for this rollout is told by touching it: `wake-rollout` sees its revision rise. Nobody waiting is
 * part of what was seen, so that a wait stored meanwhile makes us look again.
 */
function wake({ deployment, rollout, wait }: DeploymentSeen): Write[] {
  const key = keys.wait(deployment.rolloutId);
  if (wait === undefined) return [unchanged(key, undefined)];
  return [unchanged(key, wait), replace(keys.rollout(rollout.id), rollout, {})];
}
