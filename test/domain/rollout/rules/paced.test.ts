import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paced } from '../../../../domain/rollout/rules/paced.ts';
import { aDeployment, aStage, later, NOW } from '../../../support/items.ts';

const stage = (spreadMinutes: number | undefined, size: number) => ({
  ...aStage(),
  size,
  ...(spreadMinutes !== undefined && { spreadMinutes }),
});
const fresh = (count: number) =>
  Array.from({ length: count }, (_, i) => aDeployment({ environment: `env-${i}`, attempt: 0 }));
const begunAt = NOW.toISOString();
const names = (deployments: readonly { readonly environment: string }[]) =>
  deployments.map(({ environment }) => environment);

test.each([undefined, 0])('without a spread (%s) all may begin', (spread) => {
  const ready = fresh(4);
  expect(paced({ stage: stage(spread, 4), ready, sentOff: 0 }, undefined, NOW)).toEqual({ may: ready });
});

describe('four over an hour: one each quarter of an hour', () => {
  const four = stage(60, 4);
  test.each([
    ['before the stage has begun, the first', undefined, 0, 0, 1, 15],
    ['right after it, nobody', begunAt, 0, 1, 0, 15],
    ['a second before its turn, nobody', begunAt, 15 - 1 / 60, 1, 0, 15],
    ['to the second, the second', begunAt, 15, 1, 1, 30],
    ['what fell behind catches up', begunAt, 50, 1, 3, undefined],
    ['beyond the hour, all that are left', begunAt, 600, 1, 3, undefined],
  ])('%s', (_sentence, began, minutes, sentOff, may, next) => {
    const ready = fresh(4).slice(sentOff);
    const answer = paced({ stage: four, ready, sentOff }, began, later(minutes));
    expect(answer.may).toEqual(ready.slice(0, may));
    expect(answer.wait?.until).toBe(next === undefined ? undefined : later(next).toISOString());
  });

  test('what comes back needs no other turn', () => {
    const again = aDeployment({ environment: 'again', attempt: 2 });
    const answer = paced({ stage: four, ready: [...fresh(2), again], sentOff: 2 }, begunAt, later(16));
    expect(names(answer.may)).toEqual(['again']);
    expect(answer.wait?.until).toBe(later(30).toISOString());
  });

  test('the wait says what for, in words that stay the same from turn to turn', () => {
    const waits = [1, 2].map((sentOff) => paced({ stage: four, ready: fresh(1), sentOff }, begunAt, later(1)).wait);
    expect(waits[0]).toMatchObject({ action: 'wait', on: 'pace', who: 'the clock', stage: four.name });
    expect(waits[0]?.because).toContain('4 deployments evenly over 60 minutes');
    expect(waits[1]?.because).toBe(waits[0]?.because);
  });
});

test('the i-th of n never begins before i · spread / n, and all have begun by the end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 600 }), (size, spread) => {
      const all = fresh(size);
      let sentOff = 0;
      let now = NOW;
      for (let turns = 0; sentOff < size; turns++) {
        expect(turns).toBeLessThanOrEqual(2 * size);
        const { may, wait } = paced({ stage: stage(spread, size), ready: all.slice(sentOff), sentOff }, begunAt, now);
        const passed = now.getTime() - NOW.getTime();
        for (const [i] of may.entries()) {
          expect(passed + 1).toBeGreaterThanOrEqual(((sentOff + i) * spread * 60_000) / size);
        }
        sentOff += may.length;
        if (wait === undefined) expect(sentOff).toBe(size);
        else {
          expect(Date.parse(wait.until)).toBeGreaterThanOrEqual(now.getTime());
          // Times have whole milliseconds, slots need not.
          now = new Date(Date.parse(wait.until) + 1);
        }
      }
      expect(now.getTime() - NOW.getTime()).toBeLessThanOrEqual(spread * 60_000 + 1);
    }),
    { numRuns: 100 },
  );
});
