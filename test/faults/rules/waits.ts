/**
 * No wake-up is lost: nobody waits long for what is already true. With a stream that loses nothing that is a moment;
 * where wake-ups may be lost, the wait's own end is what was promised.
 */
import type { WaitItem } from '../../../domain/items/waiting.ts';
import { decideNext } from '../../../domain/rollout/decide-next.ts';
import { lookAtRollout } from '../../../domain/rollout/look-at-rollout.ts';
import { CALENDAR } from '../../support/calendar.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

export interface WaitDeps extends WatchDeps {
  sleep(seconds: number): Promise<void>;
  /** Whether somebody waits on this token. */
  isWaiting(token: string): boolean;
  /** Whether every wake-up of this scenario comes within moments. */
  readonly wakesReliably: boolean;
}

const LOOK_AFTER_SECONDS = 45;

export function watchWaits({ broken, table, now, sleep, isWaiting, wakesReliably }: WaitDeps): Watcher {
  if (!wakesReliably) return {};
  const waits = new Map<string, WaitItem>();
  /** Tokens of waits that were found to be over once. */
  let ripe = new Set<string>();
  let looking = false;

  /** Why somebody who waits should not wait any more. Whoever has nothing to do any more may wait for that. */
  const whyOver = async ({ rolloutId, run, round, token }: WaitItem): Promise<string | undefined> => {
    const seen = isWaiting(token) ? await lookAtRollout(table, rolloutId) : undefined;
    if (seen === undefined) return undefined;
    const { action, because } = decideNext(seen, { run, round }, now(), CALENDAR);
    return action === 'wait' || action === 'stand-down' ? undefined : because;
  };

  const look = async (): Promise<void> => {
    await sleep(LOOK_AFTER_SECONDS);
    const found = new Set<string>();
    for (const wait of waits.values()) {
      const why = await whyOver(wait);
      if (why === undefined) continue;
      const { rolloutId, because, token } = wait;
      if (ripe.has(token))
        broken('no wake-up is lost', `${rolloutId} waits (${because}), though it could go on: ${why}`);
      found.add(token);
    }
    ripe = found;
    looking = false;
    if (found.size > 0) start();
  };
  const start = () => {
    if (looking) return;
    looking = true;
    void look();
  };
  return {
    onChange(changes) {
      for (const { before, after } of changes) {
        if (after?.type === 'wait') waits.set(after.rolloutId, after);
        if (before?.type === 'wait' && after === undefined) waits.delete(before.rolloutId);
      }
      if (waits.size > 0) start();
    },
  };
}
