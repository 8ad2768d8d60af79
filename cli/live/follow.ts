/** Watches a rollout until its end: a table that is redrawn on a terminal, a line an event otherwise. */
import type { EventList, EventView, RolloutView } from '../../contracts/api/rollout.ts';
import { isOpen } from '../../domain/states.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { type Paint, painter } from '../paint.ts';
import { plain } from '../plain.ts';
import type { Ports } from '../ports.ts';
import { renderRollout } from './render-rollout.ts';

const HOLD_SECONDS = 20;
/** The API answers at once, with nothing, when too many wait. Asking again just as fast would make that worse. */
const BREATH_MILLISECONDS = 2000;

/** The user pressed Ctrl-C: the rollout goes on. */
export class LeftRunning extends Error {
  override readonly name = 'LeftRunning';
}

/** The time to watch is over: the rollout goes on. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

export interface Following {
  readonly api: FairleadApi;
  readonly pkg: string;
  readonly id: string;
  /** When to stop watching, in milliseconds of the clock. */
  readonly deadline: number;
  /** Number of the last event that is not to be told again. @default 0 */
  readonly after?: number;
}

/**
 * Follows until the rollout is over, and answers how it ended.
 * @throws LeftRunning at Ctrl-C; StillRunning when the deadline comes first. The rollout runs on in both cases.
 */
export async function follow(ports: Ports, following: Following): Promise<RolloutView> {
  try {
    return await watch(ports, following);
  } finally {
    // Whatever ends it: the cursor and the last picture stay with the user.
    ports.terminal.done();
  }
}

async function watch(ports: Ports, following: Following): Promise<RolloutView> {
  for (let after = following.after ?? 0; ; ) {
    const asked = ports.now().getTime();
    const news = await nextNews(ports, following, after);
    const ended = await show(ports, following, news);
    if (ended !== undefined) return ended;
    after = news.last;
    const empty = news.events.length === 0 && !news.more;
    if (empty && ports.now().getTime() - asked < BREATH_MILLISECONDS) await ports.pause(BREATH_MILLISECONDS);
  }
}

/** Shows what is new; answers the rollout when it is over. */
async function show(ports: Ports, { api, pkg, id }: Following, news: EventList): Promise<RolloutView | undefined> {
  const { terminal } = ports;
  const paint = painter(terminal.colour);
  const over = !isOpen(news.state) && !news.more;
  if (!terminal.live) {
    for (const event of news.events) terminal.err(eventLine(paint, event));
    return over ? await api.rollout(pkg, id) : undefined;
  }
  const rollout = await api.rollout(pkg, id);
  terminal.draw(renderRollout(paint, rollout, { now: ports.now(), columns: terminal.columns }).join('\n'));
  return over ? rollout : undefined;
}

async function nextNews(ports: Ports, { api, pkg, id, deadline }: Following, after: number): Promise<EventList> {
  const { interrupted, now } = ports;
  const left = (deadline - now().getTime()) / 1000;
  if (left <= 0) throw new StillRunning();
  const wait = Math.min(HOLD_SECONDS, Math.max(1, Math.ceil(left)));
  const news = await api.events(pkg, id, { after, wait, signal: interrupted }).catch((error: unknown) => {
    throw interrupted.aborted ? new LeftRunning() : error;
  });
  if (interrupted.aborted) throw new LeftRunning();
  return news;
}

/** One event as one line (evidence keeps its own). */
export function eventLine(paint: Paint, { at, kind, stage, environment, text }: EventView): string {
  const place = [stage, environment].filter((part) => part !== undefined).join('/');
  return `${paint('dim', at.slice(11, 19))} ${paint('cyan', kind)}${place === '' ? '' : ` ${place}`}: ${plain(text).replaceAll('\n', '\n           ')}`;
}
