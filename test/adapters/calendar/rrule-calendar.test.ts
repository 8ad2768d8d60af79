import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rruleCalendar } from '../../../adapters/calendar/rrule-calendar.ts';
import type { RecurringWindow } from '../../../domain/ports.ts';

const calendar = rruleCalendar();
const NOW = new Date('2026-11-21T10:00:00Z');
const aWindow = (given: Partial<RecurringWindow> = {}): RecurringWindow => ({
  is: 'recurring',
  rule: 'FREQ=WEEKLY;BYDAY=FR',
  start: '2026-01-02T16:00',
  timeZone: 'Europe/Oslo',
  duration: 'P2DT16H',
  ...given,
});
const at = (window: RecurringWindow, moment: string) => {
  const { held, next } = calendar.around(window, new Date(moment));
  return { since: held?.since.toISOString(), until: held?.until.toISOString(), next: next?.toISOString() };
};

describe('a weekend, Friday 16:00 to Monday 08:00', () => {
  test.each([
    ['in winter', 'Europe/Oslo', '2026-11-21T10:00:00Z', '2026-11-20T15:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    [
      'in which clocks go forward',
      'Europe/Oslo',
      '2026-03-28T10:00:00Z',
      '2026-03-27T15:00:00.000Z',
      '2026-03-30T06:00:00.000Z',
    ],
    [
      'in which clocks go back',
      'Europe/Oslo',
      '2026-10-24T10:00:00Z',
      '2026-10-23T14:00:00.000Z',
      '2026-10-26T07:00:00.000Z',
    ],
    [
      'in which clocks go forward in New York',
      'America/New_York',
      '2026-03-07T17:00:00Z',
      '2026-03-06T21:00:00.000Z',
      '2026-03-09T12:00:00.000Z',
    ],
    [
      'in which clocks go back in New York',
      'America/New_York',
      '2026-10-31T17:00:00Z',
      '2026-10-30T20:00:00.000Z',
      '2026-11-02T13:00:00.000Z',
    ],
  ])('%s keeps both times of the wall', (_when, timeZone, moment, since, until) => {
    expect(at(aWindow({ timeZone }), moment)).toMatchObject({ since, until });
  });

  test('begins at its first second and has ended at its last', () => {
    expect(at(aWindow(), '2026-11-20T14:59:59.999Z')).toEqual({ next: '2026-11-20T15:00:00.000Z' });
    expect(at(aWindow(), '2026-11-20T15:00:00Z')).toMatchObject({ until: '2026-11-23T07:00:00.000Z' });
    expect(at(aWindow(), '2026-11-23T06:59:59.999Z')).toMatchObject({ until: '2026-11-23T07:00:00.000Z' });
    expect(at(aWindow(), '2026-11-23T07:00:00Z')).toEqual({ next: '2026-11-27T15:00:00.000Z' });
  });

  test('does not hold before its start, and never after its end', () => {
    expect(at(aWindow(), '2025-12-27T12:00:00Z')).toEqual({ next: '2026-01-02T15:00:00.000Z' });
    const twice = aWindow({ rule: 'FREQ=WEEKLY;BYDAY=FR;COUNT=2' });
    expect(at(twice, '2026-01-10T12:00:00Z')).toEqual({
      since: '2026-01-09T15:00:00.000Z',
      until: '2026-01-12T07:00:00.000Z',
    });
    expect(at(twice, '2026-01-17T12:00:00Z')).toEqual({});
  });
});

describe('clocks', () => {
  test('a time that spring leaves out counts as the moment after the gap', () => {
    const window = aWindow({ rule: 'FREQ=DAILY', start: '2026-03-01T02:30', duration: 'PT2H' });
    expect(at(window, '2026-03-29T01:45:00Z')).toMatchObject({ until: '2026-03-29T02:30:00.000Z' });
    expect(at(window, '2026-03-29T01:15:00Z')).toMatchObject({ next: '2026-03-29T01:30:00.000Z' });
  });

  test('an hour that spring leaves out wholly is no window, and not an endless one', () => {
    const window = aWindow({ rule: 'FREQ=DAILY', start: '2026-03-01T02:00', duration: 'PT1H' });
    expect(at(window, '2026-03-29T00:59:00Z')).toEqual({ next: '2026-03-30T00:00:00.000Z' });
    expect(at(window, '2026-03-29T01:00:00Z')).toEqual({ next: '2026-03-30T00:00:00.000Z' });
  });

  test('an hour that autumn shows twice holds from the first to the second', () => {
    const window = aWindow({ rule: 'FREQ=DAILY', start: '2026-10-01T02:00', duration: 'PT30M' });
    expect(at(window, '2026-10-25T00:10:00Z')).toMatchObject({
      since: '2026-10-25T00:00:00.000Z',
      until: '2026-10-25T01:30:00.000Z',
    });
  });

  test('UNTIL is the wall’s time, or UTC when it says so', () => {
    const day = { start: '2026-11-20T23:30', duration: 'PT1H' };
    const local = aWindow({ ...day, rule: 'FREQ=DAILY;UNTIL=20261121T233000' });
    expect(at(local, '2026-11-21T22:45:00Z')).toMatchObject({ until: '2026-11-21T23:30:00.000Z' });
    const utc = aWindow({ ...day, rule: 'FREQ=DAILY;UNTIL=20261121T222900Z' });
    expect(at(utc, '2026-11-21T22:45:00Z')).toEqual({});
    const date = aWindow({ ...day, rule: 'FREQ=DAILY;UNTIL=20261121' });
    expect(at(date, '2026-11-21T22:45:00Z')).toMatchObject({ until: '2026-11-21T23:30:00.000Z' });
  });
});

describe('days', () => {
  const day = { start: '2024-01-01T00:00', timeZone: 'UTC', duration: 'P1D' };
  test.each([
    [
      'a leap day comes every four years',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
      '2026-03-01T00:00:00Z',
      '2028-02-29T00:00:00.000Z',
    ],
    [
      'the 31st is left out by shorter months',
      'FREQ=MONTHLY;BYMONTHDAY=31',
      '2026-11-01T00:00:00Z',
      '2026-12-31T00:00:00.000Z',
    ],
    [
      'the last day of a month is that of each month',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      '2028-02-01T00:00:00Z',
      '2028-02-29T00:00:00.000Z',
    ],
    [
      'the last Friday of November',
      'FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR',
      '2026-11-01T00:00:00Z',
      '2026-11-27T00:00:00.000Z',
    ],
    [
      'the last working day of a month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-10-30T12:00:00Z',
      '2026-11-30T00:00:00.000Z',
    ],
    ['every other week', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', '2026-11-21T00:00:00Z', '2026-11-30T00:00:00.000Z'],
  ])('%s', (_what, rule, moment, next) => {
    expect(at(aWindow({ ...day, rule }), moment).next).toBe(next);
  });

  test('occurrences that touch or overlap are one', () => {
    const touching = aWindow({ ...day, rule: 'FREQ=WEEKLY;BYDAY=SA,SU' });
    expect(at(touching, '2026-11-21T10:00:00Z')).toMatchObject({
      until: '2026-11-23T00:00:00.000Z',
      next: '2026-11-28T00:00:00.000Z',
    });
    const overlapping = aWindow({ ...day, rule: 'FREQ=WEEKLY;BYDAY=SA,SU', duration: 'P1DT12H' });
    expect(at(overlapping, '2026-11-21T10:00:00Z')).toMatchObject({ until: '2026-11-23T12:00:00.000Z' });
  });
});

describe('a window that makes no sense is refused, with its field', () => {
  test.each<[string, Partial<RecurringWindow>, string, RegExp]>([
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 'timeZone', /'Europe\/Atlantis' is no time zone/],
    ['an offset in place of a zone', { timeZone: '+02:00' }, 'timeZone', /IANA/],
    ['no rule', { rule: 'every Friday' }, 'rule', /is not a part of a rule/],
    ['an empty rule', { rule: '' }, 'rule', /is not a part of a rule/],
    ['a rule without FREQ', { rule: 'BYDAY=FR' }, 'rule', /FREQ is missing/],
    ['every second', { rule: 'FREQ=SECONDLY' }, 'rule', /nothing more frequent/],
    ['every minute', { rule: 'FREQ=MINUTELY' }, 'rule', /nothing more frequent/],
    ['seconds', { rule: 'FREQ=DAILY;BYSECOND=1,2' }, 'rule', /BYSECOND/],
    [
      'too many times a day',
      { rule: `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, i) => i)};BYMINUTE=0,30` },
      'rule',
      /48 times a day/,
    ],
    ['too many times a day of a year', { rule: 'FREQ=YEARLY;BYHOUR=1,2,3,4,5' }, 'rule', /5 times a day/],
    [
      'every day of every counted week',
      { rule: `FREQ=YEARLY;BYWEEKNO=${Array.from({ length: 53 }, (_, i) => i + 1)};BYDAY=MO,TU,WE,TH,FR,SA,SU` },
      'rule',
      /BYWEEKNO make 371 times a year, 60 are allowed/,
    ],
    [
      'hundreds of times, counted by days of the year',
      {
        rule: `FREQ=YEARLY;BYYEARDAY=${Array.from({ length: 100 }, (_, i) => i + 1)};BYHOUR=0,6,12,18`,
        duration: 'PT6H',
      },
      'rule',
      /BYYEARDAY make 400 times a year/,
    ],
    ['too many minutes', { rule: 'FREQ=HOURLY;BYMINUTE=0,10,20,30,40' }, 'rule', /at most 4 minutes/],
    ['a start inside the rule', { rule: 'DTSTART=20260101T000000Z;FREQ=DAILY' }, 'rule', /DTSTART does not belong/],
    ['a part twice', { rule: 'FREQ=DAILY;FREQ=WEEKLY' }, 'rule', /FREQ stands there twice/],
    ['an end in two ways', { rule: 'FREQ=DAILY;COUNT=3;UNTIL=20270101' }, 'rule', /COUNT and UNTIL/],
    ['no occurrence at all', { rule: 'FREQ=DAILY;COUNT=0' }, 'rule', /COUNT is '0'/],
    ['a step of nothing', { rule: 'FREQ=DAILY;INTERVAL=0' }, 'rule', /INTERVAL is '0'/],
    ['an hour that no day has', { rule: 'FREQ=DAILY;BYHOUR=25' }, 'rule', /BYHOUR is '25'/],
    ['a weekday that no week has', { rule: 'FREQ=WEEKLY;BYDAY=XX' }, 'rule', /BYDAY is 'XX'/],
    ['the n-th weekday of a day', { rule: 'FREQ=DAILY;BYDAY=2MO' }, 'rule', /monthly or yearly/],
    ['the 30th of February', { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'rule', /never occurs/],
    ['what has occurred for the last time', { rule: 'FREQ=WEEKLY;BYDAY=FR;UNTIL=20260601' }, 'rule', /never occurs/],
    ['what occurs in another life', { rule: 'FREQ=YEARLY;INTERVAL=1000' }, 'rule', /does not occur before 3026/],
    ['no length', { duration: 'PT0S' }, 'duration', /takes no time/],
    ['a length backwards', { duration: '-PT1H' }, 'duration', /takes no time/],
    ['a length in words', { duration: '2 days' }, 'duration', /is no duration/],
    [
      'a day that begins again when it ends',
      { rule: 'FREQ=DAILY', duration: 'P1D' },
      'duration',
      /more than 100 occurrences/,
    ],
    [
      'an hour that begins again when it ends',
      { rule: 'FREQ=HOURLY', duration: 'PT1H' },
      'duration',
      /more than 100 occurrences/,
    ],
    ['longer than a year', { rule: 'FREQ=YEARLY;COUNT=2', duration: 'P371D' }, 'duration', /never lets anything start/],
    ['no month', { start: '2026-13-01T00:00' }, 'start', /is no local time/],
    ['a start in UTC', { start: '2026-01-01T00:00:00Z' }, 'start', /is no local time/],
    ['a start of the stone age', { start: '0026-01-01T00:00' }, 'start', /is not in this time/],
  ])('%s', (_what, given, field, because) => {
    expect(calendar.faults(aWindow(given), NOW)).toEqual([{ field, because: expect.stringMatching(because) }]);
  });

  test('what makes sense is not', () => {
    for (const rule of [
      'FREQ=WEEKLY;BYDAY=FR',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20',
      'FREQ=DAILY;COUNT=366',
      'FREQ=WEEKLY;BYDAY=1FR',
    ]) {
      const found = calendar.faults(aWindow({ rule, duration: 'PT1H' }), NOW);
      expect(found.map(({ because }) => because)).toEqual(
        rule.includes('1FR') ? [expect.stringMatching(/numeric value/)] : [],
      );
    }
  });
});

const DURATIONS = ['PT15M', 'PT1H', 'PT5H', 'PT23H', 'P1D', 'P1DT6H', 'P2DT16H', 'P14D'];
const RULES = fc.record({
  freq: fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY'),
  interval: fc.integer({ min: 1, max: 5 }),
  byDay: fc.option(fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 })),
  byMonth: fc.option(fc.subarray([1, 3, 10, 11, 12], { minLength: 1 })),
  byHour: fc.option(fc.subarray([1, 2, 3, 16], { minLength: 1 })),
});
const WINDOWS = fc
  .record({
    parts: RULES,
    duration: fc.constantFrom(...DURATIONS),
    timeZone: fc.constantFrom('Europe/Oslo', 'America/New_York', 'UTC', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    start: fc.constantFrom('2020-02-29T02:30', '2026-01-02T16:00', '2026-10-25T02:15', '2027-01-01T00:00'),
  })
  .map(({ parts: { freq, interval, byDay, byMonth, byHour }, ...rest }) =>
    aWindow({
      ...rest,
      rule: [
        `FREQ=${freq}`,
        `INTERVAL=${interval}`,
        byDay && `BYDAY=${byDay}`,
        byMonth && `BYMONTH=${byMonth}`,
        byHour && `BYHOUR=${byHour}`,
      ]
        .filter((part) => part !== null)
        .join(';'),
    }),
  );
const MOMENTS = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2028-12-31T00:00:00Z'),
  noInvalidDate: true,
});

test('what is accepted says when it ends and when it comes next, truly', () => {
  fc.assert(
    fc.property(WINDOWS, MOMENTS, (window, moment) => {
      if (calendar.faults(window, NOW).length > 0) return;
      const { held, next } = calendar.around(window, moment);
      if (held !== undefined) {
        expect(held.since.getTime()).toBeLessThanOrEqual(moment.getTime());
        expect(held.until.getTime()).toBeGreaterThan(moment.getTime());
        expect(calendar.around(window, new Date(held.until.getTime() - 1)).held?.until).toEqual(held.until);
        expect(calendar.around(window, held.until).held).toBeUndefined();
      }
      if (next === undefined) return;
      expect(next.getTime()).toBeGreaterThan((held?.until ?? moment).getTime());
      expect(calendar.around(window, next).held?.since).toEqual(next);
      expect(calendar.around(window, new Date(next.getTime() - 1)).held).toBeUndefined();
    }),
    { numRuns: 120 },
  );
}, 120_000);
