import { expect, test } from 'vitest';
import { WAIT_STEPS } from '../../../contracts/machines.ts';
import { stepBefore } from '../../../domain/rollout/wait-steps.ts';
import { NOW } from '../../support/items.ts';

test.each([
  ['the moment itself', 60, 60],
  ['a little more than a step', 61, 60],
  ['a little less than a step', 59, 15],
  ['days', 200_000, 14_400],
  ['less than the shortest', 2, 5],
  ['the past', -30, 5],
])('until %s: the longest step that ends before, and at least the shortest', (_when, seconds, step) => {
  expect(stepBefore(WAIT_STEPS, new Date(NOW.getTime() + seconds * 1000), NOW)).toBe(step);
});

test('without steps there is nothing to choose', () => {
  expect(() => stepBefore([], NOW, NOW)).toThrow(RangeError);
});
