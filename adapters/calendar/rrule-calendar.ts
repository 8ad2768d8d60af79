/** `Calendar` by rrule-temporal (rules of RFC 5545) and Temporal (time zones, days of 23 and 25 hours). */
import type { Calendar, RecurringWindow, WindowFault } from '../../domain/ports.ts';
import { lastBegun, nextToBegin, type Occurrence } from './occurrences.ts';
import { type ReadWindow, readWindow, WindowRefused } from './read-window.ts';

const DAY = 86_400_000;
/** Occurrences that are joined in one answer: each is a search of its own, made at every decision while one of them holds. */
const MOST_JOINED = 100;
/** A window that does not open for so long is no window. */
const LONGEST_DAYS = 370;
const FARTHEST_DAYS = 3660;
/** How many stretches of a new window are tried. */
const TRIED = 4;
const MOST_KEPT = 200;

/** Reads each window once and remembers it: the same ones are asked for again and again. */
export function rruleCalendar(): Calendar {
  const kept = new Map<string, ReadWindow>();
  const read = (window: RecurringWindow): ReadWindow => {
    const key = JSON.stringify([window.rule, window.start, window.timeZone, window.duration]);
    const fresh = kept.get(key) ?? readWindow(window);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, fresh);
    return fresh;
  };
  return {
    around: (window, at) => around(read(window), at),
    faults: (window, now) => {
      try {
        return endless(readWindow(window), now);
      } catch (error) {
        if (error instanceof WindowRefused) return [error.fault];
        throw error;
      }
    },
  };
}

function around(window: ReadWindow, at: Date): ReturnType<Calendar['around']> {
  const begun = lastBegun(window, at);
  const held = begun !== undefined && begun.until > at.getTime() ? joined(window, begun) : undefined;
  const next = nextToBegin(window, held?.until ?? at);
  return { ...(held && { held }), ...(next && { next: new Date(next.since) }) };
}

/** Each occurrence is as long as the others: who began last ends last. */
function joined(window: ReadWindow, first: Occurrence): { readonly since: Date; readonly until: Date } {
  let last = first;
  for (let links = 0; links < MOST_JOINED; links++) {
    const later = lastBegun(window, new Date(last.until));
    if (later === undefined || later.until <= last.until) break;
    last = later;
  }
  return { since: new Date(first.since), until: new Date(last.until) };
}

/** Windows that never begin, begin in another life, or never open. */
function endless(window: ReadWindow, now: Date): readonly WindowFault[] {
  let { held, next } = around(window, now);
  if (held === undefined && next === undefined) return [{ field: 'rule', because: 'never occurs from now on' }];
  for (let tried = 0; tried < TRIED && (held ?? next) !== undefined; tried++) {
    if (held === undefined && next !== undefined) ({ held, next } = around(window, next));
    if (held === undefined) break;
    if (days(now, held.since) > FARTHEST_DAYS && tried === 0) {
      return [{ field: 'rule', because: `does not occur before ${held.since.toISOString().slice(0, 10)}` }];
    }
    const fault = tooLong(window, { since: held.since, until: held.until });
    if (fault !== undefined) return [{ field: 'duration', because: fault }];
    held = undefined;
  }
  return [];
}

function tooLong(
  window: ReadWindow,
  { since, until }: { readonly since: Date; readonly until: Date },
): string | undefined {
  const from = since.toISOString();
  if (days(since, until) > LONGEST_DAYS) {
    return `'${window.duration.toString()}' never lets anything start: its occurrences leave no pause from ${from} on for ${LONGEST_DAYS} days and longer`;
  }
  if (lastBegun(window, until)?.until === until.getTime()) return undefined;
  return `'${window.duration.toString()}' joins more than ${MOST_JOINED} occurrences from ${from} on: let the rule occur more rarely, for longer`;
}

const days = (from: Date, to: Date) => (to.getTime() - from.getTime()) / DAY;
