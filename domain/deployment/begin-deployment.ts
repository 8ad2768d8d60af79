/**
 * May this attempt at this deployment begin? First what stops it for good, then what makes it wait; only then is
 * the lease taken. The order is that of docs/concepts.md; the first thing that is true decides.
 */

import { frozenBy, holding } from '../freezes/holding.ts';
import { leadsOut } from '../holds/leads-out.ts';
import { whyHeld } from '../holds/why-held.ts';
import { whyQuarantined } from '../holds/why-quarantined.ts';
import type { DeferReason } from '../items/deployment.ts';
import type { FreezeItem } from '../items/gates.ts';
import type { Outcome } from '../outcome.ts';
import type { Calendar } from '../ports.ts';
import { isFinal, isOpen } from '../states.ts';
import type { DeployerWay } from './choose-executor.ts';
import { deadlineOf } from './deadline.ts';
import { executorOf } from './executor-of.ts';
import { busyUntil, holds } from './lease-holder.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';
import { isLook } from './record-look.ts';

export type BeginVerdict =
  /** Not this attempt's to begin: nothing is written. */
  | { readonly is: 'not-ours'; readonly because: string }
  /** This very attempt has begun already, and its answer was lost: the same answer again. */
  | { readonly is: 'begun-already'; readonly because: string }
  /** Its stage soaks: nothing is taken, nothing is written, the release is looked at until it is well or `until` is over. */
  | { readonly is: 'looks'; readonly revision: number; readonly until: Date; readonly because: string }
  | ({ readonly is: 'skipped' | 'blocked' } & Pick<Outcome, 'code' | 'because'>)
  | { readonly is: 'deferred'; readonly on: DeferReason; readonly until: Date; readonly because: string }
  | { readonly is: 'begins'; readonly deadline: Date; readonly because: string };

/** All that the judgement may depend on. */
export interface BeginSeen extends DeploymentSeen {
  /** What runs helm, by the name that environments ask for. The machine is sent there. */
  readonly deployers: Readonly<Record<string, string>>;
  /** Every freeze, whether it holds now or not. */
  readonly freezes: readonly FreezeItem[];
  readonly calendar: Calendar;
  /** What each of them offers; their functions only, when absent. */
  readonly ways?: Readonly<Record<string, DeployerWay>> | undefined;
}

const MINUTE = 60_000;
/** A busy lease is looked at again after this: who holds it usually ends long before its deadline. */
const LOOK_AGAIN = MINUTE / 2;
/** How long a look waits for a release that is not ready to become so. */
const LOOKED_AT = 2 * MINUTE;

/** Judges by what was seen; `attempt` is the one that asks. */
export function judgeBegin(seen: BeginSeen, attempt: number, now: Date): BeginVerdict {
  return (
    looks(seen, attempt, now) ??
    notOurs(seen, attempt) ??
    endsHere(seen) ??
    freezes(seen, now) ??
    waits(seen, attempt, now) ??
    begins(seen, now)
  );
}

/** A deployment that succeeded is tried again only to look at it; a pod that was moved meanwhile gets time to become ready. */
function looks({ deployment, rollout }: DeploymentSeen, attempt: number, now: Date): BeginVerdict | undefined {
  const { environment, revision } = deployment;
  if (!isLook(deployment) || deployment.attempt !== attempt || !isOpen(rollout.state)) return undefined;
  if (revision === undefined) return undefined;
  const because = `revision ${revision} in ${environment} is looked at again (attempt ${attempt})`;
  return { is: 'looks', revision, until: new Date(now.getTime() + LOOKED_AT), because };
}

function notOurs({ deployment, rollout, lease }: DeploymentSeen, attempt: number): BeginVerdict | undefined {
  const { environment, state } = deployment;
  const no = (because: string): BeginVerdict => ({ is: 'not-ours', because });
  if (deployment.attempt !== attempt)
    return no(`attempt ${attempt} in ${environment} is not the current one: that is ${deployment.attempt}`);
  if (isFinal(state)) return no(`the deployment into ${environment} is over: ${state}`);
  if (state === 'applying' && holds(lease, { ...deployment, attempt }))
    return { is: 'begun-already', because: `attempt ${attempt} in ${environment} has begun already` };
  if (state !== 'pending') return no(`the deployment into ${environment} is under way: ${state}`);
  if (deployment.begun >= attempt) return no(`attempt ${attempt} in ${environment} has had its answer`);
  if (!isOpen(rollout.state)) return no(`rollout ${rollout.id} is over: ${rollout.state}`);
  return rollout.plan === undefined ? no(`rollout ${rollout.id} is not planned yet`) : undefined;
}

function endsHere(seen: BeginSeen): BeginVerdict | undefined {
  return isSkipped(seen) ?? isBlocked(seen);
}

function isSkipped({ deployment, rollout, failures: seen, hold, release }: BeginSeen): BeginVerdict | undefined {
  const failures = seen?.count ?? 0;
  const { package: pkg, environment } = deployment;
  if (rollout.abort !== undefined) {
    return skipped('stopped', `the rollout was aborted by ${rollout.abort.by}: ${rollout.abort.reason}`);
  }
  const budget = rollout.plan?.stages.find(({ name }) => name === deployment.stage)?.failureBudget ?? 0;
  if (failures > budget) {
    return skipped('stopped', `stage ${deployment.stage} has ${failures} failed, ${budget} allowed: the line stops`);
  }
  if (hold !== undefined && !leadsOut(rollout, hold)) {
    const disabled = hold.kind === 'disabled';
    return skipped(disabled ? 'disabled' : 'held', whyHeld(hold));
  }
  // By the rollout's place in the queue: a retry has a new one.
  if (release !== undefined && release.highestSequence > rollout.sequence) {
    const words = `a newer rollout of ${pkg} (number ${release.highestSequence}, this is ${rollout.sequence})`;
    return skipped('superseded', `${words} has begun in ${environment}`);
  }
  return undefined;
}

function isBlocked({ deployment, quarantine, deployers }: BeginSeen): BeginVerdict | undefined {
  const { environment, deployer } = deployment;
  if (!Object.hasOwn(deployers, deployer)) {
    const there = Object.keys(deployers).toSorted().join(', ');
    const fix = `put it back into fairlead.yaml, or register ${environment} with another and roll out again`;
    return {
      is: 'blocked',
      code: 'no-deployer',
      because: `${environment} asks for deployer '${deployer}', which this installation does not have (it has ${there}): ${fix}`,
    };
  }
  if (quarantine === undefined) return undefined;
  return { is: 'blocked', code: 'quarantined', because: whyQuarantined(quarantine) };
}

const skipped = (code: Outcome['code'], because: string): BeginVerdict => ({ is: 'skipped', code, because });

/** A freeze may have been put, or have begun, since the rollout decided. */
function freezes({ deployment, rollout, freezes: all, calendar }: BeginSeen, now: Date): BeginVerdict | undefined {
  const frozen = frozenBy(deployment.labels, holding(all, rollout, now, calendar));
  if (frozen === undefined) return undefined;
  const { until = new Date(now.getTime() + LOOK_AGAIN), because } = frozen;
  return { is: 'deferred', on: 'freeze', until, because };
}

function waits({ deployment, lease }: DeploymentSeen, attempt: number, now: Date): BeginVerdict | undefined {
  if (holds(lease, { ...deployment, attempt })) return undefined;
  const busy = busyUntil(lease, now);
  if (busy === undefined) return undefined;
  const until = new Date(Math.min(busy.until.getTime(), now.getTime() + LOOK_AGAIN));
  return { is: 'deferred', on: 'lease', until, because: busy.because };
}

function begins(seen: BeginSeen, now: Date): BeginVerdict {
  const { package: pkg, inputs, environment, attempt, timeoutMinutes } = seen.deployment;
  const chosen = executorOf(seen);
  if (chosen.executor === 'none') return { is: 'blocked', code: 'no-deployer', because: chosen.because };
  const because = `${pkg} ${inputs.version} begins in ${environment} (attempt ${attempt})`;
  const where = chosen.executor === 'codebuild' ? 'in a build' : 'in the function';
  const told = chosen.because === undefined ? because : `${because}, ${where}: ${chosen.because}`;
  return { is: 'begins', deadline: deadlineOf(timeoutMinutes, chosen.executor, now), because: told };
}
