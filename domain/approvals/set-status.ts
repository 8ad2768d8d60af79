/** A check's result, reported from outside, for the gates that ask for it. */
import { nameOf } from '../callers/principal.ts';
import { append } from '../events.ts';
import type { StatusItem } from '../items/gates.ts';
import type { EventsItem } from '../items/history.ts';
import type { Principal, RolloutItem } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { placedAt } from '../rollout/rules/gate.ts';
import { isOpen } from '../states.ts';
import { replace, type Write, write } from '../table.ts';

export interface StatusSeen {
  readonly rollout: RolloutItem;
  readonly events: EventsItem;
  /** What was reported under this name before. */
  readonly status: StatusItem | undefined;
}

export interface Reported extends Pick<StatusItem, 'name' | 'state'> {
  readonly description?: string | undefined;
  readonly url?: string | undefined;
  readonly principal: Principal;
}

export type ReportAnswer =
  | {
      /** `set-before`: the same was reported before, and nothing is written. */
      readonly answer: 'set' | 'set-before';
      readonly status: Omit<StatusItem, 'rev'>;
      readonly writes: readonly Write[];
    }
  | { readonly answer: 'already-over' | 'cannot'; readonly because: string };

/** Decides what becomes of a report; the last one holds. */
export function setStatus(
  { rollout, events, status: before }: StatusSeen,
  reported: Reported,
  now: Date,
): ReportAnswer {
  const { name, state, description, url, principal } = reported;
  const { plan } = rollout;
  if (!isOpen(rollout.state))
    return { answer: 'already-over', because: `rollout ${rollout.id} is over: ${rollout.state}` };
  if (plan === undefined) {
    return { answer: 'cannot', because: `rollout ${rollout.id} is not planned yet: try again in a moment` };
  }
  const known = [...new Set(plan.stages.flatMap(({ gate }) => gate?.statuses ?? []))];
  if (!known.includes(name)) return { answer: 'cannot', because: unknown(rollout, name, known) };
  const at = now.toISOString();
  const { breakGlass } = principal;
  const status: Omit<StatusItem, 'rev'> = {
    type: 'status',
    v: 1,
    rolloutId: rollout.id,
    name,
    state,
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
    by: nameOf(principal),
    planDigest: plan.digest,
    at,
  };
  if (before !== undefined && says(before) === says(status) && Date.parse(before.at) >= placedAt(rollout)) {
    return { answer: 'set-before', status: before, writes: [] };
  }
  const text = `${name} is ${state}${description === undefined ? '' : `: ${description}`}${breakGlass === undefined ? '' : ` (BREAK-GLASS: ${breakGlass})`}`;
  return {
    answer: 'set',
    status,
    writes: [
      write(keys.status(rollout.id, name), before, status),
      replace(keys.rollout(rollout.id), rollout, {}),
      ...append(rollout.id, events, [{ at, kind: 'status-set', text, by: status.by, state }]),
    ],
  };
}

const says = ({ state, description, url, planDigest }: Omit<StatusItem, 'rev'>) =>
  JSON.stringify([state, description, url, planDigest]);

function unknown({ id }: RolloutItem, name: string, known: readonly string[]): string {
  if (known.length === 0) return `no gate of rollout ${id} asks for a status`;
  return `no gate of rollout ${id} asks for status ${name}: they ask for ${known.join(', ')}`;
}
