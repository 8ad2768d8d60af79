/** The judgement behind the fence: what it was told holds for a second, by its own clock, whatever that clock does. */
import { beforeEach, expect, test } from 'vitest';
import { writeFence } from '../../../adapters/helm/write-fence.ts';
import { later, NOW } from '../../support/items.ts';

let now: Date;
let asked: number;
beforeEach(() => {
  now = NOW;
  asked = 0;
});
const seconds = (count: number) => new Date(NOW.getTime() + count * 1000);

/** Each answer is what the table says when it is asked for that time; the last one stays. */
function fence(...answers: readonly (() => boolean)[]) {
  const holds = async () => (answers[asked++] ?? answers.at(-1) ?? (() => true))();
  return writeFence({ holds, writesEnd: () => later(15), now: () => now });
}
const held = () => true;
const gone = () => false;

test('a lease that is held is not asked after for each write', async () => {
  const mayWrite = fence(held);
  expect([await mayWrite(), await mayWrite()]).toEqual([true, true]);
  expect(asked).toBe(1);
  now = seconds(1);
  expect(await mayWrite()).toBe(true);
  expect(asked).toBe(2);
});

test('a process that was frozen over the answer asks again: what it then hears is minutes old', async () => {
  const thaws = () => {
    now = later(10);
    return true;
  };
  const mayWrite = fence(thaws, gone);
  expect(await mayWrite()).toBe(false);
  expect(asked).toBe(2);
});

test('an answer counts from when it was asked for, not from when it was heard', async () => {
  const slow = () => {
    now = seconds(0.9);
    return true;
  };
  const mayWrite = fence(slow, gone);
  expect(await mayWrite()).toBe(true);
  now = seconds(1.1);
  expect(await mayWrite()).toBe(false);
});

test('a clock that is set back does not make an old answer young', async () => {
  const mayWrite = fence(held, gone);
  expect(await mayWrite()).toBe(true);
  now = later(-10);
  expect(await mayWrite()).toBe(false);
});

test('a table that always answers late ends the writes at their end, and not before', async () => {
  let minute = 0;
  const slow = () => {
    minute += 1;
    now = later(minute);
    return true;
  };
  expect(await fence(slow)()).toBe(false);
  expect(minute).toBe(15);
});

test('a table that is a little slow does not stop anybody', async () => {
  const slow = () => {
    now = new Date(now.getTime() + 2500);
    return true;
  };
  expect(await fence(slow)()).toBe(true);
  expect(asked).toBe(1);
});

test('what was lost never comes back', async () => {
  const mayWrite = fence(gone, held);
  expect([await mayWrite(), await mayWrite()]).toEqual([false, false]);
  expect(asked).toBe(1);
});
