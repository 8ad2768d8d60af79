/** Every rollout that was accepted comes to an end that says why, and leaves nothing standing in the way of the next. */
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import type { Item } from '../../../domain/items.ts';
import { isOpen } from '../../../domain/states.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

const RULE = 'every accepted rollout ends';

export function watchEnds({ broken, table }: WatchDeps): Watcher {
  const accepted = new Set<string>();
  /** Ended, and looked after by the sweeper. */
  const listed = new Set<string>();
  const hasEnded = ({ id, state, outcome, finishedAt }: RolloutItem) => {
    if (isOpen(state)) broken(RULE, `${id} is still ${state}`);
    else if (outcome === undefined || finishedAt === undefined) broken(RULE, `${id} ended without a word`);
  };
  const leftOver = (item: Item) => {
    if (item.type === 'open') broken(RULE, `${item.rolloutId} still has its place in the queue`);
    if (item.type === 'wait') broken(RULE, `${item.rolloutId} is over and still waits`);
    // What ends after its rollout is numbered by the sweeper, to whom the rollout is listed until then.
    if (item.type === 'news' && !listed.has(item.rolloutId)) {
      broken(RULE, `${item.environment} told '${item.text}', and nobody will number it`);
    }
  };
  return {
    onChange(changes) {
      for (const { after } of changes) if (after?.type === 'rollout') accepted.add(after.id);
    },
    atEnd() {
      const items = table.all();
      for (const item of items) if (item.type === 'rollout' && item.unsettled === true) listed.add(item.id);
      for (const item of items) {
        if (item.type === 'rollout') {
          accepted.delete(item.id);
          hasEnded(item);
        }
        leftOver(item);
      }
      for (const id of accepted) broken(RULE, `${id} is gone`);
    },
  };
}
