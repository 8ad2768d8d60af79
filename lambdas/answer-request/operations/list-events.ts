import { EventsQuery } from '../../../contracts/api/query.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { catchUp, hasNews } from '../../../domain/rollout/number-news.ts';
import { isOpen } from '../../../domain/states.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { holdAnswer } from '../hold-answer.ts';
import { rolloutOf } from '../rollout-of.ts';
import { eventView } from '../views.ts';

const MOST_EVENTS = 500;

/** GET …/{rollout}/events: what happened after `after`; with `wait`, held until something does. */
export async function listEvents(deps: Deps, call: Call): Promise<Answer> {
  const { after = 0, wait = 0 } = queryOf(call, EventsQuery);
  const rollout = await rolloutOf(deps, call);
  // Nothing more comes of a rollout that is over; of one that is open, its end is an event like any other.
  if (isOpen(rollout.state)) await holdAnswer(deps, wait, () => hasMore(deps, rollout.id, after));
  // The state is read before the events: when it reads as over, the last event is there to be found.
  const { state } = await rolloutOf(deps, { ...call, rollout: rollout.id });
  await catchUp(deps.table, deps.patience, rollout.id);
  const found = await deps.table.query(ranges.events(rollout.id), {
    after: keys.event(rollout.id, after).sk,
    limit: MOST_EVENTS + 1,
  });
  const events = found.slice(0, MOST_EVENTS).map(eventView);
  const body = { events, last: events.at(-1)?.number ?? after, more: found.length > MOST_EVENTS, state };
  return { status: 200, body };
}

async function hasMore({ table }: Deps, id: string, after: number): Promise<boolean> {
  const [events, news] = await Promise.all([table.get(keys.events(id)), hasNews(table, id)]);
  return events === undefined || events.last > after || news;
}
