/** The three steps of a retry, each of them harmless by itself and done again without harm. */
import { commit } from '../../domain/commit.ts';
import type { ReleaseItem } from '../../domain/items/release.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import {
  judgeRetry,
  type RetryRefusal,
  type RetryVerdict,
  reachedAgain,
} from '../../domain/rollout/retry/judge-retry.ts';
import { placeAgain, type RetryAsked } from '../../domain/rollout/retry/place-again.ts';
import {
  isFresh,
  MOST_RESET,
  needsReset,
  type ResetSeen,
  resetDeployments,
} from '../../domain/rollout/retry/reset-deployments.ts';
import { isOpen } from '../../domain/states.ts';
import type { Deps } from './deps.ts';

type Needs = Pick<Deps, 'table' | 'patience' | 'now' | 'calendar'>;

/** Reads of single items that are under way together. */
const AT_ONCE = 25;

/** Whether the rollout may be retried at all, and what it would be about. */
export async function judge(deps: Needs, id: string, { override }: RetryAsked): Promise<RetryVerdict> {
  return judgeRetry(await lookAt(deps.table, id), override, { now: deps.now(), calendar: deps.calendar });
}

/** Which quarantines a retry lifts: who may not lift any but by a retry lifts those only that this rollout itself has brought about. */
export type Lifts = 'all' | 'own';

/** Makes each of these ready for another try, as long as the rollout is over; some at a time. */
export async function reset(
  { table, patience, now }: Needs,
  id: string,
  environments: readonly string[],
  { by, lifts }: { readonly by: string; readonly lifts: Lifts },
): Promise<void> {
  for (let from = 0; from < environments.length; from += MOST_RESET) {
    const some = environments.slice(from, from + MOST_RESET);
    await commit(table, patience, async () => {
      const done = { writes: [], result: undefined };
      const [rollout, events] = await Promise.all([table.get(keys.rollout(id)), table.get(keys.events(id))]);
      if (rollout === undefined || events === undefined || isOpen(rollout.state)) return done;
      const seen = await each(some, (environment) => resetSeen(table, id, environment, lifts));
      const left = seen.flatMap((one) => one ?? []).filter((one) => needsReset({ ...one, rollout }));
      if (left.length === 0) return done;
      return { writes: resetDeployments({ rollout, events }, left, by, now()), result: undefined };
    });
  }
}

export type Placed =
  | {
      readonly answer: 'placed';
      /** As it was before. */
      readonly rollout: RolloutItem;
      readonly environments: readonly string[];
      /** Number of its last event before the retry. */
      readonly after: number;
    }
  | { readonly answer: 'unready' }
  | RetryRefusal;

/** Gives the rollout its new place, when what was true is still true and everything is reset. */
export async function place({ table, patience, now, calendar }: Needs, id: string, asked: RetryAsked): Promise<Placed> {
  return commit<Placed>(table, patience, async () => {
    const seen = await lookAt(table, id);
    const verdict = judgeRetry(seen, asked.override, { now: now(), calendar });
    if (verdict.answer !== 'goes') return { writes: [], result: verdict };
    const { again } = verdict;
    const { rollout, pkg } = seen;
    const events = await table.get(keys.events(id));
    if (pkg === undefined || events === undefined || !again.every(isFresh)) {
      return { writes: [], result: { answer: 'unready' } };
    }
    const writes = placeAgain({ ...seen, pkg, events }, again, asked, now());
    const environments = again.map(({ environment }) => environment);
    return { writes, result: { answer: 'placed', rollout, environments, after: events.last } };
  });
}

/**
 * The counter first, and by itself: whoever gets a place after it was read changes it. Then the queue, and last what
 * stands there: what began and ended in between shows in one of them.
 */
async function lookAt(table: Deps['table'], id: string) {
  const known = await table.get(keys.rollout(id));
  if (known === undefined) throw new Error(`rollout ${id} is gone`);
  const name = known.package;
  const counter = await table.get(keys.counter(name));
  const [rollout = known, request, deployments, queue, pkg, registry] = await Promise.all([
    table.get(keys.rollout(id)),
    table.get(keys.request(id)),
    table.query(ranges.deployments(id)),
    table.query(ranges.open(name)),
    table.get(keys.package(name)),
    table.get(keys.registry()),
  ]);
  // After the edition of the registry: what moves an environment raises it.
  const [environments, freezes] = await Promise.all([
    table.query(ranges.environments()),
    table.query(ranges.freezes()),
  ]);
  const reached = reachedAgain({ rollout, request, deployments, environments });
  const releases = await each(reached, (environment) => table.get(keys.release(environment, name)));
  const there = releases.filter((release): release is ReleaseItem => release !== undefined);
  return {
    rollout,
    request,
    counter,
    deployments,
    queue,
    pkg,
    registry,
    environments,
    freezes,
    releases: there,
  };
}

async function resetSeen(
  table: Deps['table'],
  id: string,
  environment: string,
  lifts: Lifts,
): Promise<ResetSeen | undefined> {
  const deployment = await table.get(keys.deployment(id, environment));
  if (deployment === undefined) return undefined;
  const { package: pkg, inputs } = deployment;
  const [quarantine, hold] = await Promise.all([
    table.get(keys.quarantine(environment, pkg, inputs.digest)),
    table.get(keys.hold(environment, pkg)),
  ]);
  const lifted = lifts === 'all' || quarantine?.rolloutId === id;
  return { deployment, quarantine: lifted ? quarantine : undefined, hold };
}

/** `work` for each of `all`, in order, some together. */
async function each<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    done.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(work))));
  }
  return done;
}
