/**
 * What a look during a soak saw, written down. A look takes no lease and changes nothing: a release that stands well is
 * noted, one that turned bad fails its stage and stays as it is for a person, and one that cannot be seen is looked at
 * again until its time is over.
 */
import type { Attempt } from '../commit.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import { keys } from '../keys.ts';
import type { Outcome } from '../outcome.ts';
import { releaseAfterLook } from '../release/release-after-look.ts';
import { lostAttempts, MOST_LOST } from '../rollout/stage-progress.ts';
import { type Changes, replace } from '../table.ts';
import { type DeploymentResult, type Failure, outcomeOf } from './deployment-result.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';
import { countFailure, type Told, tell } from './tell.ts';
import { pauseAfter, ruleOf } from './when-silent.ts';

interface Answer {
  readonly outcome: 'finished' | 'already-over';
  readonly because: string;
}

const MINUTE = 60_000;
/** How long a look may go unanswered where the stage says nothing of unreachable environments. */
const DEFAULT_MINUTES = 10;

/** Whether the try at hand is a look: the deployment succeeded before, and this try has not been recorded. */
export function isLook({ state, attempt, begun }: DeploymentItem): boolean {
  return state === 'succeeded' && attempt > begun;
}

/** Records what the look at hand has seen; `isLook` must be true. */
export function recordLook(seen: DeploymentSeen, result: DeploymentResult, now: Date): Attempt<Answer> {
  if (isOvertaken(seen)) return passes(seen, now);
  if (result.is === 'soured') return soured(seen, result.failure, result.evidence, now);
  if (result.is === 'still-ready') return stands(seen, result.because, now);
  if (result.is === 'errored') return blind(seen, result.failure, now);
  return { writes: [], result: { outcome: 'already-over', because: `a look cannot end ${result.is}` } };
}

/** Three looks in a row were never recorded: nobody knows how it stands. */
export function giveUpLook(seen: DeploymentSeen, why: Failure, now: Date): Attempt<Answer> {
  if (lostAttempts(seen.deployment) < MOST_LOST) {
    return { writes: [], result: { outcome: 'already-over', because: 'a look was recorded meanwhile' } };
  }
  return ends(seen, 'errored', outcomeOf(why), {}, now);
}

/** Of a rollout that was retried elsewhere: a newer one may have come here since it was over, and has its own looks. */
function isOvertaken({ deployment, release }: DeploymentSeen): boolean {
  return (release?.highestSequence ?? 0) > deployment.sequence;
}

function passes(seen: DeploymentSeen, now: Date): Attempt<Answer> {
  const { deployment } = seen;
  const because = `a newer rollout has begun in ${deployment.environment} since: how it stands there is not this one's to say`;
  return {
    writes: [
      ...told(deployment, { ...SEEN, lookedAt: now.toISOString() }, [
        { at: now, kind: 'deployment-looked-at', text: because },
      ]),
    ],
    result: { outcome: 'finished', because },
  };
}

function stands(seen: DeploymentSeen, because: string, now: Date): Attempt<Answer> {
  const { deployment } = seen;
  const { unreachableSince } = deployment;
  const back = `its cluster answers again, and it stands well (silent since ${unreachableSince}): ${because}`;
  const news = unreachableSince === undefined ? [] : [{ at: now, kind: 'deployment-looked-at' as const, text: back }];
  return {
    writes: [...told(deployment, { ...SEEN, lookedAt: now.toISOString() }, news)],
    result: { outcome: 'finished', because },
  };
}

function soured(seen: DeploymentSeen, failure: Failure, evidence: string | undefined, now: Date): Attempt<Answer> {
  const { package: pkg, finishedAt, revision } = seen.deployment;
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(finishedAt ?? now.toISOString())) / MINUTE));
  const after = `${minutes} minute${minutes === 1 ? '' : 's'} after it was ready`;
  // What somebody else put there says nothing of ours: the soak asked whether this version stands, and nobody can tell any more.
  const what =
    failure.code === 'foreign-operation'
      ? `revision ${revision} was no longer ours to see ${after}`
      : `became unhealthy ${after}`;
  const next = `nothing was rolled back: mend it, or go back with 'fairlead rollback ${pkg} --last-good'`;
  const because = `${what}: ${failure.because}`.slice(0, 1800);
  const outcome = { ...outcomeOf(failure), code: 'unhealthy' as const, because: `${because}; ${next}` };
  return ends(seen, 'failed', outcome, evidence === undefined ? {} : { evidence }, now, failure.code);
}

/** Nobody saw it: again later, until the stage's time for that is over. */
function blind(seen: DeploymentSeen, failure: Failure, now: Date): Attempt<Answer> {
  const { deployment } = seen;
  const since = deployment.unreachableSince ?? now.toISOString();
  const rule = ruleOf(seen);
  const minutes = rule === undefined || rule.policy === 'fail' ? DEFAULT_MINUTES : rule.minutes;
  const deadline = Date.parse(since) + minutes * MINUTE;
  const because = `could not be looked at since ${since}: ${failure.because}`.slice(0, 1800);
  if (deadline <= now.getTime()) return ends(seen, 'errored', { ...outcomeOf(failure), because }, {}, now);
  const until = new Date(Math.min(now.getTime() + pauseAfter(since, now), deadline)).toISOString();
  const changes = { ...SEEN, deferred: { on: 'environment' as const, until, because }, unreachableSince: since };
  const first = deployment.unreachableSince === undefined;
  const news = first ? [{ at: now, kind: 'deployment-deferred' as const, text: because }] : [];
  return {
    writes: [...told(deployment, changes, news)],
    result: { outcome: 'finished', because },
  };
}

/** `finishedAt` stays: it is when the release was ready, from which the stage's soak is counted. */
function ends(
  seen: DeploymentSeen,
  state: 'failed' | 'errored',
  outcome: Outcome,
  more: Changes<DeploymentItem>,
  now: Date,
  why: Outcome['code'] = outcome.code,
): Attempt<Answer> {
  const { deployment, release } = seen;
  const { environment, package: pkg, sequence } = deployment;
  const changes = { ...SEEN, ...more, state, outcome, lookedAt: now.toISOString() };
  const finished = { at: now, kind: 'deployment-finished' as const, text: outcome.because, state };
  const after = state === 'failed' && release?.highestSequence === sequence ? release : undefined;
  return {
    writes: [
      ...told(deployment, changes, [finished]),
      countFailure(deployment, seen.failures),
      ...(after === undefined
        ? []
        : [replace(keys.release(environment, pkg), after, releaseAfterLook(deployment, after, why, outcome, now))]),
    ],
    result: { outcome: 'finished', because: outcome.because },
  };
}

const SEEN = { lost: 0, deferred: undefined, unreachableSince: undefined };

const told = (deployment: DeploymentItem, changes: Changes<DeploymentItem>, news: readonly Told[]) =>
  tell(deployment, { ...changes, begun: deployment.attempt }, news);
