/** What is in layers and requests is nobody's to read: not in events, logs, answers, records, or how an execution ended. */
import type { WatchDeps, Watcher } from '../watcher.ts';

const RULE = 'nothing leaks';
/** Rows that hold what was asked for on purpose. */
const KEEPS_VALUES = ['request'];

export function watchLeaks({ broken, table }: WatchDeps, canary: string): Watcher {
  return {
    onText(where, text) {
      if (text.includes(canary)) broken(RULE, `${where}: ${text.slice(0, 300)}`);
    },
    atEnd() {
      for (const item of table.all()) {
        if (!KEEPS_VALUES.includes(item.type) && JSON.stringify(item).includes(canary)) {
          broken(RULE, `a row of type ${item.type}: ${JSON.stringify(item).slice(0, 300)}`);
        }
      }
    },
  };
}
