/** Watches a rollout until its end: a table that is redrawn on a terminal, a line an event otherwise. */
import type { EventList, EventView, RolloutView } from '../../contracts/api/rollout.ts';
import { isOpen } from '../../domain/states.ts';
import { Failed } from '../failure.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { type Paint, painter } from '../paint.ts';
import type { Ports } from '../ports.ts';
import { renderRollout } from './render-rollout.ts';

const HOLD_SECONDS = 20;
const EXIT_TIMEOUT = 9;

/** The user pressed Ctrl-C: the rollout goes on. */
export class LeftRunning extends Error {
  override readonly name = 'LeftRunning';
}

export interface Following {
  readonly api: FairleadApi;
  readonly pkg: string;
  readonly id: string;
  /** When to stop watching, in milliseconds of the clock. */
  readonly deadline: number;
}

/**
 * Follows until the rollout is over, and answers how it ended.
 * @throws LeftRunning at Ctrl-C; Failed (exit 9) when the deadline comes first. The rollout runs on in both cases.
 */
export async function follow(ports: Ports, following: Following): Promise<RolloutView> {
  const { terminal } = ports;
  const paint = painter(terminal.colour);
  let after = 0;
  for (;;) {
    const news = await nextNews(ports, following, after);
    after = news.last;
    if (!terminal.live) for (const event of news.events) terminal.err(eventLine(paint, event));
    const over = !isOpen(news.state) && !news.more;
    if (!terminal.live && !over) continue;
    const rollout = await following.api.rollout(following.pkg, following.id);
    if (terminal.live) draw(ports, paint, rollout, over);
    if (over) return rollout;
  }
}

async function nextNews(ports: Ports, { api, pkg, id, deadline }: Following, after: number): Promise<EventList> {
  const { interrupted, now } = ports;
  const left = (deadline - now().getTime()) / 1000;
  if (left <= 0) {
    const words = `${pkg} ${id} is still running: it goes on, 'fairlead status ${pkg} ${id}' shows it`;
    throw new Failed(words, EXIT_TIMEOUT);
  }
  const wait = Math.min(HOLD_SECONDS, Math.max(1, Math.ceil(left)));
  const news = await api.events(pkg, id, { after, wait, signal: interrupted }).catch((error: unknown) => {
    throw interrupted.aborted ? new LeftRunning() : error;
  });
  if (interrupted.aborted) throw new LeftRunning();
  return news;
}

function draw({ terminal, now }: Ports, paint: Paint, rollout: RolloutView, over: boolean): void {
  terminal.draw(renderRollout(paint, rollout, { now: now(), columns: terminal.columns }).join('\n'));
  if (over) terminal.done();
}

/** One event as one line (evidence keeps its own). */
export function eventLine(paint: Paint, { at, kind, stage, environment, text }: EventView): string {
  const place = [stage, environment].filter((part) => part !== undefined).join('/');
  return `${paint('dim', at.slice(11, 19))} ${paint('cyan', kind)}${place === '' ? '' : ` ${place}`}: ${text.replaceAll('\n', '\n           ')}`;
}
