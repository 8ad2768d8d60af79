/** What other people's helm has begun is left alone: neither rolled back nor uninstalled by us while it stands half done. */
import { isStuck } from '../../../domain/release/stuck-release.ts';
import { A_PERSON } from '../people.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

/** helm compares nothing when it writes: who begins within the moments between our look and our claim is not seen. */
const BETWEEN_LOOK_AND_WRITE_MS = 60_000;

export function watchStrangers({ broken, now }: WatchDeps): Watcher {
  return {
    onWrite({ kind, over, wasFrozen, cluster, what }) {
      if (kind === 'upgrade' || wasFrozen || over === undefined || over.by !== A_PERSON || !isStuck(over.status))
        return;
      if (now().getTime() - over.at.getTime() < BETWEEN_LOOK_AND_WRITE_MS) return;
      broken('what others do is left alone', `in ${cluster} helm ${what} over ${over.status} of ${over.by}`);
    },
  };
}
