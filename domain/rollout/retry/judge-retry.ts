/**
 * May this rollout be tried again, and which of its deployments? Only what failed or never came to its turn, with the
 * inputs that were frozen for it; and only while nothing newer has come to those places.
 */
import { frozenNow, notPassed } from '../../freezes/admission.ts';
import type { DeploymentItem } from '../../items/deployment.ts';
import type { FreezeItem } from '../../items/gates.ts';
import type { OpenItem } from '../../items/queue.ts';
import type { EnvironmentItem, PackageItem } from '../../items/registry.ts';
import type { ReleaseItem } from '../../items/release.ts';
import type { Override, RequestItem, RolloutItem } from '../../items/rollout.ts';
import type { Calendar } from '../../ports.ts';
import { placeId, placeOf } from '../../registry/place.ts';
import { countsAsFailure, isInFlight, isOpen } from '../../states.ts';
import { matches } from '../../target.ts';
import { noPlace, occupied, rejecting } from '../queue-place.ts';

/** What a retry is judged by. The queue is read after the counter, the releases after the queue. */
export interface RetrySeen {
  readonly rollout: RolloutItem;
  /** What was asked for: without a plan it says where the rollout goes. */
  readonly request?: RequestItem | undefined;
  readonly deployments: readonly DeploymentItem[];
  readonly queue: readonly OpenItem[];
  readonly pkg?: PackageItem | undefined;
  readonly environments: readonly EnvironmentItem[];
  readonly freezes: readonly FreezeItem[];
  /** What stands where it would go. */
  readonly releases: readonly ReleaseItem[];
}

export type RetryRefusal = {
  readonly answer: 'conflict' | 'occupied' | 'too-many' | 'forbidden';
  readonly because: string;
};
export type RetryVerdict = { readonly answer: 'goes'; readonly again: readonly DeploymentItem[] } | RetryRefusal;

/** What a retry of the rollout is about: deployments that ended badly, were stopped, or never began. */
export function retried(deployments: readonly DeploymentItem[]): readonly DeploymentItem[] {
  return deployments.filter(
    ({ state, outcome }) =>
      state === 'pending' || countsAsFailure(state) || (state === 'skipped' && outcome?.code === 'stopped'),
  );
}

/** Judges; every refusal names what is in the way and what to do about it. */
export function judgeRetry(
  seen: RetrySeen,
  override: Override | undefined,
  when: { readonly now: Date; readonly calendar: Calendar },
): RetryVerdict {
  const again = retried(seen.deployments);
  const names = reachedAgain(seen);
  return (
    notFailed(seen.rollout) ??
    underWay(seen) ??
    moved(seen, again) ??
    overtaken(seen, names) ??
    noPlace(seen.rollout.package, seen.queue) ??
    occupied(seen.queue, alone(seen, again)) ??
    frozen(seen, override, names, when) ?? { answer: 'goes', again }
  );
}

/** Where the retry goes: to what it is about, or, of a rollout that never had a plan, wherever the one that it gets may lead. */
export function reachedAgain({
  rollout,
  request,
  deployments,
  environments,
}: Pick<RetrySeen, 'rollout' | 'request' | 'deployments' | 'environments'>): readonly string[] {
  const names = retried(deployments).map(({ environment }) => environment);
  if (rollout.plan !== undefined) return names;
  const targets = request?.stages.flatMap((stage) => stage.targets) ?? [];
  const matched = environments.filter(({ labels }) => targets.some((target) => matches(target, labels)));
  return [...new Set([...names, ...matched.map(({ name }) => name)])];
}

/** Those of them that let one rollout in at a time; a rollback is not turned away before it has a plan. */
function alone(seen: RetrySeen, again: readonly DeploymentItem[]): readonly string[] {
  const { rollout, pkg, environments } = seen;
  if (rollout.plan !== undefined || pkg === undefined) {
    return again.filter(({ queue }) => queue === 'reject').map(({ environment }) => environment);
  }
  if (rollout.rollback !== undefined) return [];
  const reached = new Set(reachedAgain(seen));
  return rejecting(
    pkg,
    environments.filter(({ name }) => reached.has(name)),
  );
}

/** An override is refused where a freeze does not let its role pass; without one the rollout waits for the freeze's end. */
function frozen(
  { rollout, environments, freezes }: RetrySeen,
  override: Override | undefined,
  names: readonly string[],
  when: { readonly now: Date; readonly calendar: Calendar },
): RetryRefusal | undefined {
  const reached = environments.filter(({ name }) => names.includes(name));
  const held = frozenNow(freezes, { package: rollout.package, override }, reached, when);
  const because = notPassed(override, held);
  return because === undefined ? undefined : { answer: 'forbidden', because };
}

const conflict = (because: string): RetryRefusal => ({ answer: 'conflict', because });

function notFailed({ id, package: pkg, version, state }: RolloutItem): RetryRefusal | undefined {
  if (state === 'failed' || state === 'errored') return undefined;
  const only = 'only what failed or errored is tried again';
  if (isOpen(state)) return conflict(`rollout ${id} is not over (${state}): ${only}`);
  return conflict(`rollout ${id} is ${state}: ${only}; start a new one: fairlead rollout ${pkg} --version ${version}`);
}

function underWay({ rollout, deployments }: RetrySeen): RetryRefusal | undefined {
  const left = deployments.filter(({ state }) => isInFlight(state)).map(({ environment }) => environment);
  if (left.length === 0) return undefined;
  return conflict(
    `rollout ${rollout.id} is over, but its deployments are still under way in ${some(left)}: try again when they have ended`,
  );
}

/** Frozen inputs go to the frozen place: where that is another one now, they would make a second release. */
function moved({ rollout, pkg, environments }: RetrySeen, again: readonly DeploymentItem[]): RetryRefusal | undefined {
  if (pkg === undefined) {
    return conflict(`package ${rollout.package} is not registered any more: register it again first`);
  }
  const now = new Map(environments.map((environment) => [environment.name, placeId(placeOf(pkg, environment))]));
  const gone = again.filter(({ environment }) => !now.has(environment)).map(({ environment }) => environment);
  if (gone.length > 0) {
    return conflict(`${some(gone)} left the registry since rollout ${rollout.id} was planned: start a new rollout`);
  }
  const other = again
    .filter(({ environment, place }) => now.get(environment) !== placeId(place))
    .map(({ environment }) => environment);
  if (other.length === 0) return undefined;
  return conflict(
    `${rollout.package} has another place in ${some(other)} than when rollout ${rollout.id} was planned: start a new rollout`,
  );
}

/** What came later has the say there, whether it has begun or stands in line: older inputs would undo it. */
function overtaken({ rollout, queue, releases }: RetrySeen, names: readonly string[]): RetryRefusal | undefined {
  const begun = releases.filter(({ environment, highestSequence }) => {
    return names.includes(environment) && highestSequence > rollout.sequence;
  });
  if (begun.length > 0) {
    const what = begun.map(({ environment, highestSequence, version, rolloutId }) => {
      const stands = version === undefined ? '' : `, there is now ${version} of rollout ${rolloutId}`;
      return `${environment} (number ${highestSequence} began there, this is ${rollout.sequence}${stands})`;
    });
    return conflict(
      `a newer rollout of ${rollout.package} has begun in ${some(what)}: start a new rollout if ${rollout.version} is to go there all the same`,
    );
  }
  const wanted = new Set(names);
  const newer = queue.find(
    ({ sequence, environments }) =>
      sequence > rollout.sequence && (environments?.some((name) => wanted.has(name)) ?? true),
  );
  if (newer === undefined) return undefined;
  const shared = newer.environments?.filter((name) => wanted.has(name));
  const why = shared === undefined ? 'is not planned yet' : `goes to ${some(shared)} too`;
  return conflict(
    `rollout ${newer.rolloutId} is newer, open, and ${why}: let it go first, or abort it (fairlead abort ${rollout.package} ${newer.rolloutId}) and retry`,
  );
}

function some(names: readonly string[]): string {
  const more = names.length - 5;
  return more > 0 ? `${names.slice(0, 5).join(', ')} and ${more} more` : names.join(', ');
}
