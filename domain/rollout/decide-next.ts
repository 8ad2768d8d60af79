/**
 * The one question of a rollout: given what is true, what next?
 *
 * Pure. Bad news comes before good, what is over before what is new; the first rule that applies decides.
 */

import { GRACE } from '../deployment/stranded.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { ApprovalItem, FreezeItem, StatusItem } from '../items/gates.ts';
import type { OpenItem } from '../items/queue.ts';
import type { RolloutItem } from '../items/rollout.ts';
import type { Calendar } from '../ports.ts';
import { isFinal, isOpen } from '../states.ts';
import type { Decision } from './decision.ts';
import { partOf } from './most-at-once.ts';
import { thawed, type When } from './rules/frozen.ts';
import { gated, refused } from './rules/gate.ts';
import { paced } from './rules/paced.ts';
import { putOff } from './rules/put-off.ts';
import { soaked } from './rules/soaked.ts';
import { overtaken, superseded } from './rules/supersede.ts';
import { unfinished } from './rules/unfinished.ts';
import { waitedTooLong } from './rules/waited-too-long.ts';
import { progressOf, type StageProgress } from './stage-progress.ts';

/** Everything that the decision may depend on. */
export interface RolloutSeen {
  readonly rollout: RolloutItem;
  readonly deployments: readonly DeploymentItem[];
  /** Every open rollout of the package, this one included. */
  readonly queue: readonly OpenItem[];
  /** What people said of its stages. */
  readonly approvals: readonly ApprovalItem[];
  /** What checks said of it. */
  readonly statuses: readonly StatusItem[];
  /** Every freeze, whether it holds now or not. */
  readonly freezes: readonly FreezeItem[];
}

/** Whose turn it is: an execution's run, and how often it has decided. */
export interface Turn {
  readonly run: number;
  readonly round: number;
}

/** An execution's history ends at 25,000 events (https://docs.aws.amazon.com/step-functions/latest/dg/limits.html). */
export const MOST_ROUNDS = 500;
/** A wait that something else ends is looked at again after this, in case the wake-up was lost. */
const LOOK_AGAIN = 15 * 60_000;

type Wait = Extract<Decision, { action: 'wait' }>;

/** What next, and because of what. */
export function decideNext(seen: RolloutSeen, turn: Turn, now: Date, calendar: Calendar): Decision {
  const { rollout } = seen;
  const progress = progressOf(rollout.plan?.stages ?? [], seen.deployments, now);
  const next =
    notOurs(rollout, turn) ??
    settle(progress, now) ??
    aborted(rollout) ??
    refused(seen) ??
    queued(seen, now) ??
    unplanned(rollout) ??
    alongTheLine(seen, progress, { now, calendar }) ??
    superseded(seen) ??
    finished(seen, progress);
  const last = overtaken(seen, next) ?? waitedTooLong(next, rollout, now);
  return unfinished(last, seen.deployments) ?? last;
}

function notOurs({ id, state, run }: RolloutItem, turn: Turn): Decision | undefined {
  if (!isOpen(state)) return { action: 'stand-down', because: `rollout ${id} is over: ${state}` };
  if (run !== turn.run) return { action: 'stand-down', because: `run ${turn.run} was succeeded by run ${run}` };
  if (turn.round >= MOST_ROUNDS) return { action: 'continue', because: `run ${run} has decided ${turn.round} times` };
  return undefined;
}

/** Nothing new is decided over what is under way: it ends by itself, or is given up after its deadline. */
function settle(progress: readonly StageProgress[], now: Date): Decision | undefined {
  const lost = progress.flatMap((stage) => stage.lost);
  if (lost.length > 0) return giveUp(lost, 'three times in a row its execution never began, or never said what it saw');
  const inFlight = progress.flatMap((stage) => stage.inFlight);
  if (inFlight.length === 0) return undefined;
  const expired = inFlight.filter((deployment) => endOf(deployment) <= now.getTime());
  if (expired.length > 0) return giveUp(expired, 'it did not record an end before its deadline');
  const until = Math.min(...inFlight.map(endOf));
  return {
    action: 'wait',
    on: 'lease',
    until: iso(until),
    who: 'the deployments themselves',
    because: `still under way: ${names(inFlight)}`,
  };
}

const endOf = ({ deadline }: DeploymentItem) => (deadline === undefined ? 0 : Date.parse(deadline) + GRACE);

function giveUp(deployments: readonly DeploymentItem[], because: string): Decision {
  return { action: 'give-up', environments: deployments.map(({ environment }) => environment), because };
}

function aborted({ abort }: RolloutItem): Decision | undefined {
  if (abort === undefined) return undefined;
  const because = `aborted by ${abort.by}: ${abort.reason}`;
  return { action: 'finish', state: 'aborted', outcome: { code: 'aborted', because }, because };
}

/**
 * First come, first served: an earlier open rollout goes first where it is unplanned or shares an environment. Of several
 * the latest is waited for: when it is over, those before it mostly are, too, and whoever waits is woken once.
 */
function queued({ rollout, deployments, queue }: RolloutSeen, now: Date): Decision | undefined {
  if (rollout.plan === undefined) return undefined;
  const left = deployments.filter(({ state }) => !isFinal(state));
  const ours = new Set(left.map(({ environment }) => environment));
  if (ours.size === 0) return undefined;
  const before = queue
    .filter(({ sequence }) => sequence < rollout.sequence)
    .toSorted((a, b) => a.sequence - b.sequence)
    .findLast(({ environments }) => environments === undefined || environments.some((name) => ours.has(name)));
  if (before === undefined) return undefined;
  const shared = before.environments?.filter((name) => ours.has(name));
  const why = shared === undefined ? 'is not planned yet' : `goes to ${shared.slice(0, 5).join(', ')} too`;
  return {
    action: 'wait',
    on: 'queue',
    until: iso(now.getTime() + LOOK_AGAIN),
    who: `rollout ${before.rolloutId} by ending, or 'fairlead abort ${rollout.package} ${before.rolloutId}'`,
    because: `rollout ${before.rolloutId} was first and ${why}`,
    behind: before.rolloutId,
  };
}

function unplanned({ id, plan }: RolloutItem): Decision | undefined {
  if (plan !== undefined) return undefined;
  const because = `rollout ${id} has no plan`;
  return { action: 'finish', state: 'errored', outcome: { code: 'internal', because }, because };
}

/** Stage by stage: stop where the budget is spent, else wait for the gate, else begin what may begin, else wait. */
function alongTheLine(seen: RolloutSeen, progress: readonly StageProgress[], when: When): Decision | undefined {
  const { now } = when;
  for (const stage of progress) {
    const next = stopped(stage) ?? gated(seen, stage.stage, now) ?? deploys(seen, stage, when) ?? soaked(stage, now);
    if (next !== undefined) return next;
  }
  return undefined;
}

function stopped({ stage, failures, ready, deferred: waiting }: StageProgress): Decision | undefined {
  const [first] = failures;
  if (first === undefined || failures.length <= stage.failureBudget) return undefined;
  const errored = failures.every(({ state }) => state === 'errored');
  const reasons = failures
    .slice(0, 3)
    .map(({ environment, state, outcome }) => `${environment} ${state}: ${line(outcome?.because)}`);
  const left = ready.length + waiting.length;
  const because = `stage ${stage.name} has ${failures.length} failed, ${stage.failureBudget} allowed (${reasons.join('; ')})${left > 0 ? `; ${left} left untouched` : ''}`;
  return {
    action: 'finish',
    state: errored ? 'errored' : 'failed',
    outcome: { code: errored ? (first.outcome?.code ?? 'internal') : 'stage-failed', because },
    because,
  };
}

/** What may begin begins; else the first moment is waited for at which something may. */
function deploys(seen: RolloutSeen, progress: StageProgress, when: When): Decision | undefined {
  const { stage } = progress;
  const { ready, wait: frozen } = thawed(seen, progress, when);
  const { may, wait } = paced({ ...progress, ready }, seen.rollout.stages?.[stage.name]?.begunAt, when.now);
  if (may.length === 0) return soonest(frozen, soonest(wait, putOff(progress)));
  return {
    action: 'deploy',
    stage: stage.name,
    environments: partOf(may, stage.maxParallel).map(({ environment }) => environment),
    maxParallel: stage.maxParallel,
    because: `stage ${stage.name}: ${ready.length} to deploy`,
  };
}

/** Of two waits, the one that ends first. */
function soonest(one: Wait | undefined, other: Wait | undefined): Wait | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(other.until) < Date.parse(one.until) ? other : one;
}

function finished({ deployments }: RolloutSeen, progress: readonly StageProgress[]): Decision {
  const skipped = deployments.filter(({ state }) => state === 'skipped');
  const failures = progress.flatMap((stage) => stage.failures);
  const all = deployments.length;
  const within = failures.length === 0 ? '' : `, ${failures.length} failed within the budget (${names(failures)})`;
  const because = `${all - skipped.length - failures.length} of ${all} deployments succeeded, ${skipped.length} skipped${within}`;
  const nothing = skipped.length === all;
  const warning = nothing ? `every deployment was skipped: ${reasonsOf(skipped)}` : passedOver(skipped);
  return {
    action: 'finish',
    state: 'succeeded',
    outcome: { code: nothing ? 'all-skipped' : 'succeeded', because },
    ...(warning !== undefined && { warning }),
    because,
  };
}

/** What was skipped as it should be is no news; what nobody could reach is. */
function passedOver(skipped: readonly DeploymentItem[]): string | undefined {
  const silent = skipped.filter(({ outcome }) => outcome?.code === 'unreachable');
  if (silent.length === 0) return undefined;
  return `${silent.length} passed over, for their clusters did not answer: ${names(silent)}`;
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const line = (text = '') => text.split('\n')[0] ?? '';

function names(deployments: readonly DeploymentItem[]): string {
  const first = deployments.slice(0, 5).map(({ environment }) => environment);
  return deployments.length > 5 ? `${first.join(', ')} and ${deployments.length - 5} more` : first.join(', ');
}

function reasonsOf(skipped: readonly DeploymentItem[]): string {
  return [...new Set(skipped.map(({ outcome }) => outcome?.code ?? 'skipped'))].join(', ');
}
