/**
 * Does a newer rollout take the place of what waits? Only of what waits for its turn, its gate or a freeze: what is under
 * way ends by itself, and so does what has begun and soaks. The newest wins, and says so by its name.
 */
import type { DeploymentItem } from '../../items/deployment.ts';
import type { OpenItem } from '../../items/queue.ts';
import type { RolloutItem } from '../../items/rollout.ts';
import type { WaitReason } from '../../items/waiting.ts';
import type { Decision } from '../decision.ts';

/** What it is judged by: the rollout, all of it, and every open one of its package. */
interface Seen {
  readonly rollout: RolloutItem;
  readonly deployments: readonly DeploymentItem[];
  readonly queue: readonly OpenItem[];
}

type Drop = Extract<Decision, { action: 'drop' }>;
type Finish = Extract<Decision, { action: 'finish' }>;

/** Whoever waits on one of these has not begun what it waits for. */
export const GIVES_WAY: readonly WaitReason[] = ['queue', 'gate', 'freeze'];

/**
 * What to drop instead of the wait `next`, if anything: pending deployments whose mode is `supersede` and into whose
 * environment a newer planned rollout goes; before a newer rollback any pending one gives way.
 */
export function overtaken(seen: Seen, next: Decision): Drop | undefined {
  if (next.action !== 'wait' || !GIVES_WAY.includes(next.on)) return undefined;
  const newer = seen.queue
    .filter(({ sequence }) => sequence > seen.rollout.sequence)
    .toSorted((a, b) => b.sequence - a.sequence);
  for (const place of newer) {
    const environments = seen.deployments.filter((one) => givesWay(one, place)).map(({ environment }) => environment);
    if (environments.length > 0) return dropped(environments, place);
  }
  return undefined;
}

/** What helm has touched, in a try that was put off since, is not dropped: it comes to its own end. */
function givesWay({ state, touched, queue, environment }: DeploymentItem, newer: OpenItem): boolean {
  if (state !== 'pending' || touched === true) return false;
  return (queue === 'supersede' || newer.rollback === true) && (newer.environments ?? []).includes(environment);
}

/** Whether `newer` may take the place of something of `older`, as far as their places tell: its deployments say it exactly. */
export function mayOvertake(newer: OpenItem, older: OpenItem): boolean {
  const there = new Set(newer.environments);
  const gives = newer.rollback === true ? older.environments : older.supersedable;
  return (gives ?? []).some((name) => there.has(name));
}

function dropped(environments: readonly string[], { rolloutId, rollback }: OpenItem): Drop {
  const what = rollback === true ? 'rollback' : 'rollout';
  const because = `${what} ${rolloutId} is newer and goes to ${someOf(environments)} too: what waited there was dropped for it`;
  return { action: 'drop', environments, newer: rolloutId, because };
}

/** How a rollout ends that left something to a newer one; nothing when it left nothing. Everything of it is over. */
export function superseded({ rollout, deployments }: Omit<Seen, 'queue'>): Finish | undefined {
  const { supersededBy } = rollout;
  const left = deployments.filter(({ state, outcome }) => state === 'skipped' && outcome?.code === 'superseded');
  if (supersededBy === undefined || left.length === 0) return undefined;
  const done = deployments.filter(({ state }) => state === 'succeeded').length;
  const before = done === 0 ? '' : `; ${done} of ${deployments.length} deployments had succeeded before`;
  const because = `rollout ${supersededBy} took its place in ${someOf(left.map(({ environment }) => environment))}${before}`;
  return { action: 'finish', state: 'superseded', outcome: { code: 'superseded', because }, because };
}

function someOf(names: readonly string[]): string {
  const more = names.length - 5;
  return more > 0 ? `${names.slice(0, 5).join(', ')} and ${more} more` : names.join(', ');
}
