/**
 * Recurrence rules of RFC 5545, section 3.3.10 (https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10), read strictly:
 * an unknown or repeated part is an error rather than ignored, and what comes more often than a freeze can is refused.
 */
import { RRuleTemporal } from 'rrule-temporal';
import type { Temporal } from 'temporal-polyfill';

/** A rule that makes no sense, with the words for whoever wrote it. */
export class RuleRefused extends Error {
  override readonly name = 'RuleRefused';
}

type Check = (value: string) => boolean;

const LONGEST = 500;
/** The library counts from the start each time. */
const MOST_COUNT = 366;
/** Minutes an hour in which a window may begin. */
const MOST_MINUTES = 4;
const MOST_A_DAY = 24;
const MOST_A_DAY_OF_LONGER = 4;
/** Of days and weeks that are counted through the year: the library makes all of them for each answer, and then one by one. */
const MOST_A_YEAR = 60;
/** Steps that the library goes through in search of an occurrence; what needs more hardly ever occurs. */
const MOST_STEPS = 3000;

const whole =
  (least: number, most: number): Check =>
  (text) =>
    /^[+-]?\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most && Number(text) !== 0;
const time =
  (most: number): Check =>
  (text) =>
    /^\d{1,2}$/.test(text) && Number(text) <= most;
const list =
  (each: Check, most = 100): Check =>
  (text) =>
    text.split(',').length <= most && text.split(',').every(each);
const oneOf =
  (...values: readonly string[]): Check =>
  (text) =>
    values.includes(text);
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const UNTIL = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;

const PARTS: Readonly<Record<string, readonly [Check, string]>> = {
  FREQ: [
    oneOf('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY'),
    'one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY (nothing more frequent)',
  ],
  INTERVAL: [whole(1, 1000), 'a whole number from 1 to 1000'],
  COUNT: [whole(1, MOST_COUNT), `a whole number from 1 to ${MOST_COUNT}`],
  UNTIL: [(text) => UNTIL.test(text), 'a date such as 20271231, a local time 20271231T160000, or UTC 20271231T150000Z'],
  BYMONTH: [list(whole(1, 12)), 'months, 1 to 12'],
  BYMONTHDAY: [list(whole(-31, 31)), 'days of the month, 1 to 31, or -1 to -31 from its end'],
  BYYEARDAY: [list(whole(-366, 366)), 'days of the year, 1 to 366, or -1 to -366 from its end'],
  BYWEEKNO: [list(whole(-53, 53)), 'weeks, 1 to 53, or -1 to -53 from the end of the year'],
  BYDAY: [
    list((text) => /^([+-]?[1-9]\d?)?[A-Z]{2}$/.test(text) && WEEKDAYS.includes(text.slice(-2))),
    'weekdays such as MO,TU or 1MO,-1FR',
  ],
  BYHOUR: [list(time(23)), 'hours, 0 to 23'],
  BYMINUTE: [list(time(59), MOST_MINUTES), `at most ${MOST_MINUTES} minutes, each 0 to 59`],
  BYSETPOS: [list(whole(-366, 366)), 'positions, 1 to 366, or -1 to -366 from the end'],
  WKST: [oneOf(...WEEKDAYS), 'a weekday'],
};

/**
 * The rule, anchored at `start`. Its occurrences are told as if the wall's clock were UTC's, so that no time zone
 * drops or doubles one; `wallOf` says what the wall shows at a moment of UTC.
 * @throws RuleRefused
 */
export function recurrenceRule(
  rule: string,
  start: Temporal.PlainDateTime,
  wallOf: (utc: Date) => Temporal.PlainDateTime,
): RRuleTemporal {
  const parts = partsOf(rule).map(
    ([name, value]) => `${name}=${name === 'UNTIL' ? untilOnTheWall(value, wallOf) : value}`,
  );
  const rruleString = `DTSTART:${compact(start)}\nRRULE:${parts.join(';')}`;
  try {
    return new RRuleTemporal({ rruleString, strict: true, maxIterations: MOST_STEPS });
  } catch (error) {
    // The library has one class of errors for all that it refuses.
    if (error instanceof Error) throw new RuleRefused(error.message.toLowerCase(), { cause: error });
    throw error;
  }
}

function partsOf(rule: string): readonly (readonly [string, string])[] {
  if (rule.length > LONGEST) throw new RuleRefused(`a rule has at most ${LONGEST} characters`);
  const parts = rule.split(';').map((part): readonly [string, string] => {
    const [name = '', value = '', ...rest] = part.split('=');
    const known = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (known === undefined) throw new RuleRefused(unknownPart(name));
    const [check, expected] = known;
    if (rest.length > 0 || !check(value)) throw new RuleRefused(`${name} is '${value.slice(0, 60)}', not ${expected}`);
    return [name, value];
  });
  const names = parts.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RuleRefused(`${twice} stands there twice`);
  if (!names.includes('FREQ')) throw new RuleRefused('FREQ is missing, e.g. FREQ=WEEKLY;BYDAY=FR');
  refuseTooOften(new Map(parts));
  if (names.includes('COUNT') && names.includes('UNTIL')) throw new RuleRefused('it has COUNT and UNTIL: give one');
  return parts;
}

/** The library goes through every time of a year, month or week in its search. */
function refuseTooOften(parts: ReadonlyMap<string, string>): void {
  const most = parts.get('FREQ') === 'DAILY' || parts.get('FREQ') === 'HOURLY' ? MOST_A_DAY : MOST_A_DAY_OF_LONGER;
  const count = (name: string) => parts.get(name)?.split(',').length ?? 1;
  const times = count('BYHOUR') * count('BYMINUTE');
  if (times > most) {
    const freq = parts.get('FREQ');
    throw new RuleRefused(`BYHOUR and BYMINUTE make ${times} times a day, ${most} are allowed with ${freq}`);
  }
  refuseTooOftenAYear(parts, times);
}

function refuseTooOftenAYear(parts: ReadonlyMap<string, string>, times: number): void {
  const counted = ['BYYEARDAY', 'BYWEEKNO'].filter((name) => parts.has(name));
  if (counted.length === 0) return;
  const some = ['BYYEARDAY', 'BYWEEKNO', 'BYDAY'].map((name) => parts.get(name)?.split(',').length ?? 1);
  const all = some.reduce((product, one) => product * one, times);
  if (all <= MOST_A_YEAR) return;
  throw new RuleRefused(
    `${counted.join(' and ')} make ${all} times a year, ${MOST_A_YEAR} are allowed: use FREQ=WEEKLY or FREQ=DAILY, with BYMONTH if need be`,
  );
}

function unknownPart(name: string): string {
  if (name.startsWith('DTSTART') || name.startsWith('RRULE'))
    return `${name.slice(0, 60)} does not belong there: give the rule's parts alone, and its first time as start`;
  if (name === 'BYSECOND') return 'BYSECOND is more often than a freeze can begin: leave it out';
  return `'${name.slice(0, 60)}' is not a part of a rule: use ${Object.keys(PARTS).join(', ')}`;
}

/** RFC 5545 gives UNTIL in UTC beside a time zone; people write local times. Both are meant as they are written. */
function untilOnTheWall(value: string, wallOf: (utc: Date) => Temporal.PlainDateTime): string {
  const [, year, month, day, hour = '23', minute = '59', second = '59', utc] = UNTIL.exec(value) ?? [];
  if (utc === undefined) return `${year}${month}${day}T${hour}${minute}${second}Z`;
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(moment.getTime())) throw new RuleRefused(`UNTIL is '${value}', which no calendar has`);
  return compact(wallOf(moment));
}

/** `20261120T160000Z` */
const compact = (at: Temporal.PlainDateTime) => `${at.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}Z`;
