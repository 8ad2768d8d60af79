/**
 * When a window's occurrences are in the world. The wall's clock decides: one begins when the wall first shows its
 * start (a time that is left out in spring counts as the moment after the gap), and ends when the wall last shows its
 * end, so that in doubt a freeze holds.
 */
import { Temporal } from 'temporal-polyfill';
import { type ReadWindow, wallAt } from './read-window.ts';

export interface Occurrence {
  /** What the rule says: the wall's time, told as UTC. */
  readonly wall: Date;
  readonly since: number;
  readonly until: number;
}

/** Clocks are put back by three hours at most. */
const FOLD = 3 * 3_600_000;

/** The last occurrence that has begun at `at`, and takes any time at all. */
export function lastBegun(window: ReadWindow, at: Date): Occurrence | undefined {
  let found = step(window, 'previous', new Date(wallTime(window, at) + FOLD), true);
  while (found !== undefined && (found.since > at.getTime() || found.until <= found.since)) {
    found = step(window, 'previous', found.wall, false);
  }
  return found;
}

/** The first occurrence that begins after `at`, and takes any time at all. */
export function nextToBegin(window: ReadWindow, at: Date): Occurrence | undefined {
  let found = step(window, 'next', new Date(wallTime(window, at) - FOLD), true);
  while (found !== undefined && (found.since <= at.getTime() || found.until <= found.since)) {
    found = step(window, 'next', found.wall, false);
  }
  return found;
}

function step(
  { rule, timeZone, duration }: ReadWindow,
  way: 'previous' | 'next',
  wall: Date,
  inclusive: boolean,
): Occurrence | undefined {
  const found = orNone(() => rule[way](wall, inclusive));
  if (found === undefined) return undefined;
  const start = Temporal.Instant.fromEpochMilliseconds(found.epochMilliseconds)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime();
  const since = start.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
  const until = start.add(duration).toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds;
  return { wall: new Date(found.epochMilliseconds), since, until };
}

/** The library gives up its search by an exception of no class of its own: then there is nothing in reach. */
function orNone<T>(search: () => T | null): T | undefined {
  try {
    return search() ?? undefined;
  } catch (error) {
    if (error instanceof Error && /maximum .*exceeded|out-of-bounds/i.test(error.message)) return undefined;
    throw error;
  }
}

/** What the wall shows, told as UTC. */
function wallTime({ timeZone }: ReadWindow, at: Date): number {
  return wallAt(at, timeZone).toZonedDateTime('UTC').epochMilliseconds;
}
