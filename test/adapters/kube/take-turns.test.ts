import { expect, test } from 'vitest';
import { takeTurns } from '../../../adapters/kube/take-turns.ts';

test('never more at once than there are places, all come through in their order, and a failure blocks nobody', async () => {
  const turn = takeTurns(3);
  const began: number[] = [];
  let inside = 0;
  let most = 0;
  const work = (n: number) => async () => {
    began.push(n);
    most = Math.max(most, ++inside);
    await new Promise((soon) => setImmediate(soon));
    inside -= 1;
    if (n % 4 === 0) throw new Error(`no ${n}`);
    return n;
  };
  const ended = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => turn(work(n))));
  expect(most).toBe(3);
  expect(began).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  expect(await turn(async () => 'later')).toBe('later');
});
