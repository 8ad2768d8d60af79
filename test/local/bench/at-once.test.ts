import { expect, test } from 'vitest';
import { atOnce } from '../../../local/bench/at-once.ts';

test('everything is done once, in order, never more than the limit at once', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await atOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure is told when what was begun has ended, and nothing more is begun', async () => {
  const ended: number[] = [];
  const work = atOnce([1, 2, 3, 4], 2, async (item) => {
    if (item === 1) throw new Error('one');
    await new Promise((resolve) => setImmediate(resolve));
    ended.push(item);
  });
  await expect(work).rejects.toThrow('one');
  expect(ended).toEqual([2]);
});
