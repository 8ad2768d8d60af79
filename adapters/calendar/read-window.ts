/** A recurring window, read from its four texts, each with its own words when it makes no sense. */
import type { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { RecurringWindow, WindowFault } from '../../domain/ports.ts';
import { RuleRefused, recurrenceRule } from './recurrence-rule.ts';

export interface ReadWindow {
  /** Its occurrences are walls' times, told as UTC. */
  readonly rule: RRuleTemporal;
  readonly timeZone: string;
  readonly duration: Temporal.Duration;
}

/** One text of a window that makes no sense. */
export class WindowRefused extends Error {
  override readonly name = 'WindowRefused';
  readonly fault: WindowFault;

  constructor(field: WindowFault['field'], because: string) {
    super(`${field} ${because}`);
    this.fault = { field, because };
  }
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Reads a window. @throws WindowRefused */
export function readWindow(window: RecurringWindow): ReadWindow {
  const { timeZone } = window;
  readZone(timeZone);
  const duration = readDuration(window.duration);
  const start = readStart(window.start);
  try {
    return { rule: recurrenceRule(window.rule, start, (utc) => wallAt(utc, timeZone)), timeZone, duration };
  } catch (error) {
    if (error instanceof RuleRefused) throw new WindowRefused('rule', error.message);
    throw error;
  }
}

/** What the clock on the wall shows there. */
export function wallAt(moment: Date, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

function readZone(timeZone: string): void {
  const no = `'${timeZone.slice(0, 60)}' is no time zone: use an IANA name such as Europe/Oslo or UTC`;
  if (!ZONE.test(timeZone)) throw new WindowRefused('timeZone', no);
  orRefuse('timeZone', no, () => wallAt(new Date(0), timeZone));
}

function readDuration(text: string): Temporal.Duration {
  const no = `'${text.slice(0, 60)}' is no duration: use ISO 8601 such as PT4H or P2DT16H`;
  const duration = orRefuse('duration', no, () => Temporal.Duration.from(text));
  if (duration.sign <= 0) throw new WindowRefused('duration', `'${text}' takes no time: a window has a length`);
  return duration;
}

function readStart(text: string): Temporal.PlainDateTime {
  const no = `'${text.slice(0, 60)}' is no local time: use the form 2026-11-20T16:00`;
  if (!LOCAL.test(text)) throw new WindowRefused('start', no);
  const start = orRefuse('start', no, () => Temporal.PlainDateTime.from(text, { overflow: 'reject' }));
  if (start.year < 2000 || start.year > 2200) throw new WindowRefused('start', `'${text}' is not in this time`);
  return start;
}

/** Temporal says what it cannot read by RangeError. */
function orRefuse<T>(field: WindowFault['field'], because: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new WindowRefused(field, because);
    throw error;
  }
}
