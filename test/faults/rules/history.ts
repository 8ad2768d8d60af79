/** A rollout's history has no gaps, is only added to, and ends once. */
import type { EventItem } from '../../../domain/items/history.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

const RULE = 'events are gapless and in order';

export function watchHistory({ broken }: WatchDeps): Watcher {
  const last = new Map<string, number>();
  const add = ({ rolloutId, number }: EventItem) => {
    const expected = (last.get(rolloutId) ?? 0) + 1;
    if (number !== expected) broken(RULE, `event ${number} of ${rolloutId} came where ${expected} was due`);
    last.set(rolloutId, number);
  };
  return {
    onChange(changes) {
      for (const { before } of changes) {
        if (before?.type === 'event') broken(RULE, `event ${before.number} of ${before.rolloutId} was changed`);
      }
      const added = changes.flatMap(({ before, after }) =>
        before === undefined && after?.type === 'event' ? after : [],
      );
      for (const event of added.toSorted((a, b) => a.number - b.number)) add(event);
      for (const { key, after } of changes) {
        if (after?.type !== 'events') continue;
        const id = key.pk.slice('ROLLOUT#'.length);
        if (after.last !== last.get(id)) broken(RULE, `${id} counts ${after.last} events and has ${last.get(id)}`);
      }
    },
  };
}
