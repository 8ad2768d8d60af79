/** Stopping the line: what is under way ends by itself, nothing new begins. */
import { append } from '../events.ts';
import type { EventsItem } from '../items/history.ts';
import type { RolloutItem } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { isOpen } from '../states.ts';
import { replace, type Write } from '../table.ts';

export type AbortAnswer =
  | { readonly answer: 'asked'; readonly writes: readonly Write[] }
  /** Somebody asked before: nothing changes. */
  | { readonly answer: 'asked-before' }
  | { readonly answer: 'already-over'; readonly because: string };

/** Decides an abort. The changed rollout wakes whoever waits for it. */
export function abortRollout(
  seen: { readonly rollout: RolloutItem; readonly events: EventsItem },
  asked: { readonly by: string; readonly reason: string },
  now: Date,
): AbortAnswer {
  const { rollout, events } = seen;
  if (!isOpen(rollout.state)) {
    return { answer: 'already-over', because: `rollout ${rollout.id} is over: it ${SAYS[rollout.state] ?? 'ended'}` };
  }
  if (rollout.abort !== undefined) return { answer: 'asked-before' };
  const at = now.toISOString();
  const text = `abort asked for: ${asked.reason}`;
  return {
    answer: 'asked',
    writes: [
      replace(keys.rollout(rollout.id), rollout, { abort: { ...asked, at } }),
      ...append(rollout.id, events, [{ at, kind: 'abort-requested', text, by: asked.by }]),
    ],
  };
}

const SAYS: Readonly<Partial<Record<RolloutItem['state'], string>>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  errored: 'ended in an error',
  aborted: 'was aborted',
  superseded: 'was superseded',
};
