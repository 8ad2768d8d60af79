/** Watches a rollout until its end, an event a line, the lines of a stage in a group that can be folded. */
import { isOpen } from '../domain/states.ts';
import type { Event, Events } from './answers.ts';
import type { Api } from './api.ts';
import { logLine } from './harmless.ts';
import type { Ports } from './ports.ts';

const HOLD_SECONDS = 20;
/** The API answers at once, with nothing, when too many wait. Asking again just as fast would make that worse. */
const BREATH_MILLISECONDS = 2000;

export type Followed = 'over' | 'out of time' | 'cancelled';

export interface Following {
  readonly api: Pick<Api, 'events'>;
  readonly id: string;
  /** When to stop watching, in milliseconds of the clock. */
  readonly deadline: number;
}

type World = Pick<Ports, 'runner' | 'timing' | 'cancelled'>;

/** Prints what happens, and answers why there is no more to print. The rollout runs on unless it is over. */
export async function follow(world: World, following: Following): Promise<Followed> {
  const { runner, timing, cancelled } = world;
  const log = groupedLog(runner);
  try {
    for (let after = 0; ; ) {
      const asked = timing.now();
      const secondsLeft = (following.deadline - asked) / 1000;
      if (secondsLeft <= 0 && !cancelled.aborted) return 'out of time';
      const news = await nextNews({ ...following, after, secondsLeft }, cancelled);
      if (news === undefined) return 'cancelled';
      news.events.forEach(log.say);
      if (isOver(news)) return 'over';
      after = news.last;
      if (isEmpty(news) && timing.now() - asked < BREATH_MILLISECONDS) await timing.pause(BREATH_MILLISECONDS);
    }
  } finally {
    log.end();
  }
}

interface Question extends Pick<Following, 'api' | 'id'> {
  readonly after: number;
  readonly secondsLeft: number;
}

/** Undefined when the job is cancelled meanwhile. */
async function nextNews(
  { api, id, after, secondsLeft }: Question,
  cancelled: AbortSignal,
): Promise<Events | undefined> {
  if (cancelled.aborted) return undefined;
  const wait = Math.min(HOLD_SECONDS, Math.max(1, Math.ceil(secondsLeft)));
  try {
    const news = await api.events(id, after, wait, cancelled);
    return cancelled.aborted ? undefined : news;
  } catch (error: unknown) {
    if (cancelled.aborted) return undefined;
    throw error;
  }
}

const isEmpty = ({ events, more }: Events) => events.length === 0 && !more;
const isOver = ({ state, more }: Events) => !isOpen(state) && !more;

/** A group opens with the first event of a stage and ends with the first that is of another or of none. */
function groupedLog(runner: Ports['runner']) {
  let open: string | undefined;
  const end = () => {
    if (open !== undefined) runner.endGroup();
    open = undefined;
  };
  return {
    say(event: Event): void {
      if (event.stage !== open) {
        end();
        if (event.stage !== undefined) runner.startGroup(logLine(`stage ${event.stage}`));
        open = event.stage;
      }
      runner.info(lineOf(event));
    },
    end,
  };
}

function lineOf({ at, kind, environment, text }: Event): string {
  return logLine(`${at.slice(11, 19)} ${kind}${environment === undefined ? '' : ` ${environment}`}: ${text}`);
}
