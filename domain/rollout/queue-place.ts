/** May a rollout get a place in its package's queue? Asked when one starts and when one is retried. */
import type { OpenItem } from '../items/queue.ts';
import type { EnvironmentItem, PackageItem } from '../items/registry.ts';

/** Every decision of a package reads its whole queue. */
export const MOST_OPEN = 500;

type TooMany = { readonly answer: 'too-many'; readonly because: string };
type Occupied = { readonly answer: 'occupied'; readonly because: string };

/** Refuses when the queue is full. */
export function noPlace(pkg: string, queue: readonly OpenItem[]): TooMany | undefined {
  if (queue.length < MOST_OPEN) return undefined;
  const because = `package ${pkg} has ${queue.length} open rollouts, and no more than ${MOST_OPEN} may wait: see 'fairlead status', and abort what nobody needs any more`;
  return { answer: 'too-many', because };
}

/** The names of those environments that let only one rollout of the package in at a time. */
export function rejecting(pkg: PackageItem, environments: readonly EnvironmentItem[]): readonly string[] {
  return environments.filter(({ queue }) => (queue ?? pkg.queue) === 'reject').map(({ name }) => name);
}

/** Refuses when an open rollout goes to one of `names`, or may: it is not planned yet. */
export function occupied(queue: readonly OpenItem[], names: readonly string[]): Occupied | undefined {
  if (names.length === 0) return undefined;
  const wanted = new Set(names);
  const other = queue.find(({ environments }) => environments?.some((name) => wanted.has(name)) ?? true);
  if (other === undefined) return undefined;
  const shared = other.environments?.filter((name) => wanted.has(name));
  const where = (shared ?? names).slice(0, 5).join(', ');
  const why = shared === undefined ? `may go to ${where}: it is not planned yet` : `goes to ${where}`;
  const next = `wait for its end, or abort it: fairlead abort ${other.package} ${other.rolloutId}`;
  return {
    answer: 'occupied',
    because: `rollout ${other.rolloutId} is open and ${why}, where one rollout at a time is let in; ${next}`,
  };
}
