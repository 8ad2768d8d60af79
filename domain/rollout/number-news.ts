/**
 * What deployments told of themselves becomes part of the history: numbered without gaps by whoever looks at it first, each
 * deployment's in its own order, those of different ones by their time.
 */
import { commit, type Patience } from '../commit.ts';
import { append, type NewEvent } from '../events.ts';
import type { EventsItem, NewsItem } from '../items/history.ts';
import { keys, ranges } from '../keys.ts';
import { remove, type Table, type Write } from '../table.ts';

/** News a transaction: each is one write more and one less, and the counter goes with them. */
export const MOST_NUMBERED = 45;

/** The writes that number the first of them. */
export function numberNews(rolloutId: string, events: EventsItem, news: readonly NewsItem[]): Write[] {
  if (news.length === 0) return [];
  const some = inOrder(news).slice(0, MOST_NUMBERED);
  return [
    ...append(rolloutId, events, some.map(eventOf)),
    ...some.map((item) => remove(keys.news(rolloutId, item.environment, item.order), item)),
  ];
}

function eventOf({ at, kind, text, by, stage, environment, state }: NewsItem): NewEvent {
  return { at, kind, text, by, stage, environment, state };
}

/** By time, but never one of a deployment before its elder: the clocks of functions differ. */
function inOrder(news: readonly NewsItem[]): readonly NewsItem[] {
  const own = Object.values(Object.groupBy(news, ({ environment }) => environment));
  const queues = own.map((items = []) => items.toSorted((a, b) => a.order - b.order));
  const all: NewsItem[] = [];
  for (;;) {
    const heads = queues.flatMap((queue) => queue[0] ?? []);
    const [first] = heads.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    if (first === undefined) return all;
    all.push(first);
    queues.find((queue) => queue[0] === first)?.shift();
  }
}

/** Whether something was told that has no number yet. Ask after what it tells of was read: what ended before has told it. */
export async function hasNews(table: Pick<Table, 'query'>, rolloutId: string): Promise<boolean> {
  return (await table.query(ranges.news(rolloutId), { limit: 1 })).length > 0;
}

/**
 * Numbers all that is told so far.
 * @throws StillContended when others kept numbering: they have done it then.
 */
export async function catchUp(table: Table, patience: Patience, rolloutId: string): Promise<void> {
  for (let more = true; more; ) {
    more = await commit(table, patience, async () => {
      const news = await table.query(ranges.news(rolloutId));
      const events = news.length === 0 ? undefined : await table.get(keys.events(rolloutId));
      if (events === undefined) return { writes: [], result: false };
      return { writes: numberNews(rolloutId, events, news), result: news.length > MOST_NUMBERED };
    });
  }
}
