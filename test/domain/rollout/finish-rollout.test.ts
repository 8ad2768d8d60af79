import { describe, expect, test } from 'vitest';
import { keys } from '../../../domain/keys.ts';
import { brokenRun, finishRollout, interruptedRun, refusedPlan } from '../../../domain/rollout/finish-rollout.ts';
import { aWait, NOW, OTHER_ROLLOUT, ROLLOUT, someEvents } from '../../support/items.ts';
import { aPlace, seen } from '../../support/rollout-seen.ts';

const whole = (more: object = {}) => ({
  ...seen([{ name: 'everyone', has: { dev: 'succeeded' } }], {}, [
    aPlace(3, ['lab'], OTHER_ROLLOUT),
    aPlace(7, ['dev']),
  ]),
  events: someEvents(),
  ...more,
});
const ENDING = { state: 'succeeded', outcome: { code: 'succeeded', because: '1 of 1 succeeded' } } as const;

describe('the end of a rollout', () => {
  const writes = finishRollout(whole({ wait: aWait() }), ENDING, NOW);

  test('is its state, its outcome and when', () => {
    expect(writes).toContainEqual(
      expect.objectContaining({
        key: keys.rollout(ROLLOUT),
        expect: { rev: 1 },
        item: expect.objectContaining({ ...ENDING, finishedAt: NOW.toISOString(), rev: 2 }),
      }),
    );
  });

  test('gives back its own place in the queue, and its wait', () => {
    expect(writes.filter((write) => write.do === 'delete')).toEqual([
      { do: 'delete', key: keys.open('webui', 7), expect: { rev: 1 } },
      { do: 'delete', key: keys.wait(ROLLOUT), expect: { rev: 1 } },
    ]);
  });

  test('is the last line of its history', () => {
    const event = { kind: 'rollout-finished', state: 'succeeded', text: '1 of 1 succeeded', number: 4 };
    expect(writes).toContainEqual(expect.objectContaining({ item: expect.objectContaining(event) }));
  });

  test('tells its warning', () => {
    const warned = finishRollout(whole(), { ...ENDING, warning: 'all was skipped' }, NOW);
    expect(JSON.stringify(warned)).toContain('1 of 1 succeeded (warning: all was skipped)');
  });

  test('is written even where its place is gone already', () => {
    expect(finishRollout(whole({ queue: [] }), ENDING, NOW).some(({ key }) => key.type === 'open')).toBe(false);
  });
});

test.each([
  ['chart-not-found', 'failed'],
  ['nothing-matched', 'failed'],
  ['place-taken', 'failed'],
  ['unreachable', 'errored'],
  ['internal', 'errored'],
] as const)('a plan refused for %s ends %s', (code, state) => {
  expect(refusedPlan(code, 'because')).toEqual({ state, outcome: { code, because: 'because' } });
});

test('a broken run is ours, and says what to do', () => {
  const { state, outcome } = brokenRun('Lambda.Unknown');
  expect(state).toBe('errored');
  expect(outcome.because).toContain('Lambda.Unknown');
  expect(outcome.because).toContain('roll out again');
});

test.each([
  ['ABORTED', 'interrupted', 'stopped by hand'],
  ['TIMED_OUT', 'interrupted', 'ran out of time'],
  ['FAILED', 'internal', 'its execution failed'],
] as const)('an execution that ended %s ends its rollout errored: %s', (status, code, words) => {
  const { state, outcome } = interruptedRun(status);
  expect(state).toBe('errored');
  expect(outcome.code).toBe(code);
  expect(outcome.because).toContain(words);
});
