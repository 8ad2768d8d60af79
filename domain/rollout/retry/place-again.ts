/** A new run of the same rollout, with a new place in the queue, in one transaction: from here on it is open again. */
import { append, type NewEvent } from '../../events.ts';
import { overridden } from '../../freezes/overridden.ts';
import type { DeploymentItem } from '../../items/deployment.ts';
import type { EventsItem } from '../../items/history.ts';
import type { CounterItem } from '../../items/queue.ts';
import type { PackageItem, RegistryItem } from '../../items/registry.ts';
import type { Override, RolloutItem } from '../../items/rollout.ts';
import { keys } from '../../keys.ts';
import { create, replace, unchanged, type Write, write } from '../../table.ts';
import { supersedableOf } from '../frozen-plan.ts';

export interface PlaceSeen {
  readonly rollout: RolloutItem;
  readonly events: EventsItem;
  readonly counter?: CounterItem | undefined;
  readonly pkg: PackageItem;
  /** Its edition rises when a package or environment gets another place. */
  readonly registry?: RegistryItem | undefined;
}

export interface RetryAsked {
  readonly by: string;
  readonly reason: string;
  readonly override?: Override | undefined;
}

/** The writes that place it again for `again`: what is to be tried, all of it reset. */
export function placeAgain(
  { rollout, events, counter, pkg, registry }: PlaceSeen,
  again: readonly DeploymentItem[],
  { by, reason, override }: RetryAsked,
  now: Date,
): Write[] {
  const { id, package: name, plan, rollback } = rollout;
  const [at, run, sequence] = [now.toISOString(), rollout.run + 1, (counter?.last ?? 0) + 1];
  const environments = again.map(({ environment }) => environment);
  const said = plan === undefined ? 'it is planned again' : `${count(environments)} with their frozen inputs`;
  const asked: NewEvent = { at, kind: 'retry-requested', text: `retry asked for: ${reason} (${said})`, by };
  return [
    unchanged(keys.package(name), pkg),
    unchanged(keys.registry(), registry),
    write(keys.counter(name), counter, { type: 'counter', v: 1, last: sequence }),
    replace(keys.rollout(id), rollout, {
      state: 'accepted',
      run,
      sequence,
      placedAt: at,
      retries: (rollout.retries ?? 0) + 1,
      outcome: undefined,
      warning: undefined,
      finishedAt: undefined,
      abort: undefined,
      unsettled: undefined,
      override,
    }),
    create(keys.open(name, sequence), {
      type: 'open',
      v: 1,
      rolloutId: id,
      package: name,
      sequence,
      ...(plan !== undefined && { environments, ...supersedableOf(again) }),
      ...(rollback !== undefined && { rollback: true as const }),
    }),
    create(keys.run(id, run), { type: 'run', v: 1, rolloutId: id, package: name, run, at, because: 'retried' }),
    // What failed is tried again, so none of it counts any more.
    ...(plan?.stages ?? []).map(({ name: stage }) => uncount(id, stage)),
    ...append(id, events, [asked, ...overridden(override)]),
  ];
}

function uncount(id: string, stage: string): Write {
  return { do: 'delete', key: keys.failures(id, stage), expect: 'any' };
}

function count(environments: readonly string[]): string {
  const some = environments.slice(0, 20).join(', ');
  const more = environments.length - 20;
  return `${environments.length === 0 ? 'nothing is left to do' : some}${more > 0 ? ` and ${more} more` : ''}`;
}
