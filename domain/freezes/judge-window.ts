/** Does a window make sense? What never opens, never holds again or is no time at all is refused, with the field. */
import type { FreezeWindow } from '../items/gates.ts';
import type { Calendar } from '../ports.ts';

export interface FreezeFault {
  /** Of the window: `from`, `rule`, … */
  readonly field: string;
  readonly because: string;
}

const DAY = 86_400_000;
/** Whoever means longer means until it is lifted. */
export const LONGEST_DAYS = 370;

/** What is wrong with a window that is about to be put; nothing when it may. */
export function judgeWindow(window: FreezeWindow, now: Date, calendar: Calendar): readonly FreezeFault[] {
  if (window.is === 'until-lifted') return [];
  if (window.is === 'recurring') return calendar.faults(window, now);
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  if (to <= from) return [{ field: 'to', because: `${window.to} is not after from, ${window.from}` }];
  if (to <= now.getTime()) return [{ field: 'to', because: `${window.to} has passed: this freeze would never hold` }];
  if (to - from <= LONGEST_DAYS * DAY) return [];
  return [
    { field: 'to', because: `${window.to} is more than ${LONGEST_DAYS} days after from: let it hold until lifted` },
  ];
}
