import { expect, test } from 'vitest';
import { overdueStart } from '../../../domain/rollout/overdue-start.ts';
import type { RolloutState } from '../../../domain/states.ts';
import { aRollout, later, NOW } from '../../support/items.ts';

const accepted = (run: number) => aRollout({ state: 'accepted', run, plan: undefined });
const asked = { at: NOW.toISOString() };

test.each([
  [1, 0.99, undefined],
  [1, 1, 'run 1 did not get going within 1 minute'],
  [2, 1.99, undefined],
  [2, 2, 'run 2 did not get going within 2 minutes'],
  [4, 8, 'run 4 did not get going within 8 minutes'],
  [7, 59.9, undefined],
  [7, 60, 'run 7 did not get going within 60 minutes'],
  [500, 60, 'run 500 did not get going within 60 minutes'],
])('run %i, asked for %d minutes ago: %s', (run, minutes, because) => {
  expect(overdueStart(accepted(run), asked, later(minutes))).toBe(because);
});

test.each<RolloutState>(['running', 'waiting', 'succeeded', 'aborted'])(
  'a rollout that is %s needs no start',
  (state) => {
    expect(overdueStart(aRollout({ state }), asked, later(6000))).toBeUndefined();
  },
);

test('without its run, a rollout is as old as it is', () => {
  expect(overdueStart(accepted(1), undefined, later(0.5))).toBeUndefined();
  expect(overdueStart(accepted(1), undefined, later(1))).toBeDefined();
});
