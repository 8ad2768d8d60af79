/** Every rollout that was accepted comes to an end that says why, and leaves nothing standing in the way of the next. */
import { isOpen } from '../../../domain/states.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

const RULE = 'every accepted rollout ends';

export function watchEnds({ broken, table }: WatchDeps): Watcher {
  const accepted = new Set<string>();
  return {
    onChange(changes) {
      for (const { after } of changes) if (after?.type === 'rollout') accepted.add(after.id);
    },
    atEnd() {
      const all = table.all();
      for (const item of all) {
        if (item.type === 'rollout') {
          accepted.delete(item.id);
          if (isOpen(item.state)) broken(RULE, `${item.id} is still ${item.state}`);
          else if (item.outcome === undefined || item.finishedAt === undefined)
            broken(RULE, `${item.id} ended without a word`);
        }
        if (item.type === 'open') broken(RULE, `${item.rolloutId} still has its place in the queue`);
        if (item.type === 'wait') broken(RULE, `${item.rolloutId} is over and still waits`);
      }
      for (const id of accepted) broken(RULE, `${id} is gone`);
    },
  };
}
