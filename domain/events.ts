/** A rollout's history: numbered without gaps, because the number and the event are written together. */

import type { Time } from './items/base.ts';
import type { EventItem, EventKind, EventsItem } from './items/history.ts';
import { keys } from './keys.ts';
import { create, replace, type Write } from './table.ts';

export interface NewEvent {
  readonly at: Time;
  readonly kind: EventKind;
  readonly text: string;
  readonly by: string;
  readonly stage?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: string | undefined;
}

/** The writes that append `events` to the history seen. */
export function append(rolloutId: string, seen: EventsItem, events: readonly NewEvent[]): readonly Write[] {
  return [
    replace(keys.events(rolloutId), seen, { last: seen.last + events.length }),
    ...events.map((event, i) => eventWrite(rolloutId, seen.last + 1 + i, event)),
  ];
}

/** The writes that begin a history. */
export function begin(rolloutId: string, ...events: readonly NewEvent[]): readonly Write[] {
  return [
    create(keys.events(rolloutId), { type: 'events', v: 1, last: events.length }),
    ...events.map((event, i) => eventWrite(rolloutId, i + 1, event)),
  ];
}

function eventWrite(rolloutId: string, number: number, event: NewEvent): Write {
  const { stage, environment, state, ...rest } = event;
  const optional = { ...(stage && { stage }), ...(environment && { environment }), ...(state && { state }) };
  const item: Omit<EventItem, 'rev'> = { type: 'event', v: 1, rolloutId, number, ...rest, ...optional };
  return create(keys.event(rolloutId, number), item);
}
