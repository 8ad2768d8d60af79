import { describe, expect, test } from 'vitest';
import { bothOrNone, unlessAborted } from '../../../local/process/unless-aborted.ts';

describe('work that may be aborted', () => {
  const never = new Promise<never>(() => undefined);

  test('answers when it is left alone', async () => {
    expect(await unlessAborted(new AbortController().signal, Promise.resolve(1))).toBe(1);
    expect(await unlessAborted(undefined, Promise.resolve(2))).toBe(2);
  });

  test('is not waited for once it is aborted', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(controller.signal, never);
    controller.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
    await expect(unlessAborted(controller.signal, never)).rejects.toThrow('Ctrl-C');
  });
});

test('two that belong together: a failure waits until the other has ended', async () => {
  let ended = false;
  const slow = Promise.resolve().then(() => {
    ended = true;
  });
  await expect(bothOrNone(Promise.reject(new Error('first')), slow)).rejects.toThrow('first');
  expect(ended).toBe(true);
});
