/** Nothing is written over what somebody else wrote; what is over stays over; what is frozen stays as it is. */
import type { Change } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import { isFinal, isOpen } from '../../../domain/states.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

/** Rows that only stand there: to write one again changes nothing. */
const SAYS_NOTHING = ['waiter'];

export function watchItems({ broken }: WatchDeps): Watcher {
  return {
    onChange(changes) {
      for (const change of changes) {
        const { before, after } = change;
        if (
          before !== undefined &&
          after !== undefined &&
          after.rev !== before.rev + 1 &&
          !SAYS_NOTHING.includes(after.type)
        ) {
          broken('every write knows what it replaces', `${nameOf(change)} went from ${before.rev} to ${after.rev}`);
        }
        overIsOver(change, broken);
        frozenStays(change, broken);
      }
    },
  };
}

const nameOf = ({ key }: Change) => `${key.type} ${key.pk} ${key.sk}`;

function overIsOver({ before, after }: Change, broken: WatchDeps['broken']): void {
  if (before?.type === 'rollout' && after?.type === 'rollout' && !isOpen(before.state)) {
    // A retry is asked for by people, and gets a place of its own.
    const retried = (after.retries ?? 0) > (before.retries ?? 0);
    const settled = before.unsettled === true && after.unsettled === undefined && after.state === before.state;
    if (!retried && !settled) broken('what is over stays over', `rollout ${before.id} was ${before.state} and changed`);
  }
  if (before?.type === 'deployment' && after?.type === 'deployment' && isFinal(before.state)) {
    // A retry begins anew what failed.
    const retried = after.state === 'pending';
    // What succeeded may turn bad during its stage's soak: seen by a look, which is a try of its own.
    const looked =
      before.state === 'succeeded' && ['failed', 'errored'].includes(after.state) && before.attempt > before.begun;
    if (!retried && !looked && after.state !== before.state) {
      const what = `${before.rolloutId} in ${before.environment} went from ${before.state} to ${after.state}`;
      broken('what is over stays over', what);
    }
  }
}

const FROZEN = ['inputs', 'place', 'package', 'environment', 'stage', 'deployer', 'actAs', 'timeoutMinutes'] as const;
const frozenOf = (item: DeploymentItem) => JSON.stringify(FROZEN.map((field) => item[field]));

function frozenStays({ before, after }: Change, broken: WatchDeps['broken']): void {
  if (before?.type === 'deployment' && after?.type === 'deployment' && frozenOf(before) !== frozenOf(after)) {
    broken('frozen inputs never change', `${before.rolloutId} in ${before.environment}: ${frozenOf(after)}`);
  }
  if (before?.type === 'rollout' && after?.type === 'rollout' && before.plan !== undefined) {
    if (JSON.stringify(before.plan) !== JSON.stringify(after.plan)) {
      broken('frozen inputs never change', `the plan of ${before.id} is another one`);
    }
  }
}
