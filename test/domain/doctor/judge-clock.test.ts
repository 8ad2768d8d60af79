import { expect, test } from 'vitest';
import { judgeClock } from '../../../domain/doctor/judge-clock.ts';

const SERVER = 'Sat, 21 Nov 2026 10:00:00 GMT';
const after = (seconds: number) => new Date(Date.parse(SERVER) + seconds * 1000);

test.each([
  [0, 'ok', 'this clock and theirs agree'],
  [0.9, 'ok', 'this clock and theirs agree'],
  [30, 'ok', 'this clock is 30 s ahead of theirs'],
  [-31, 'warn', 'this clock is 31 s behind theirs'],
  [300, 'warn', 'this clock is 300 s ahead of theirs'],
  [301, 'fail', 'this clock is 301 s ahead of theirs, and AWS refuses signatures that are more than 5 minutes off'],
  [-4000, 'fail', 'this clock is 4000 s behind theirs, and AWS refuses signatures that are more than 5 minutes off'],
])('%d s is %s', (seconds, state, says) => {
  expect(judgeClock(SERVER, after(seconds))).toMatchObject({ state, says });
});

test.each([undefined, 'soon'])("a server that says '%s' says nothing of the clock", (date) => {
  expect(judgeClock(date, new Date()).state).toBe('skipped');
});
