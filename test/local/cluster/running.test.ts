import { expect, test, vi } from 'vitest';
import { Running } from '../../../local/cluster/running.ts';
import type { Child } from '../../../local/process/start-child.ts';

/** A child that ends when it is told to, or by `die`. */
function aChild(pid: number) {
  const exit = Promise.withResolvers<{ code: number | null; signal: string | null }>();
  const stop = vi.fn(async () => exit.resolve({ code: null, signal: 'SIGTERM' }));
  return {
    child: { pid, exited: exit.promise, stop } satisfies Child,
    stop,
    die: () => exit.resolve({ code: 1, signal: null }),
  };
}

test('parts are ended last one first, then the programs', async () => {
  const running = new Running();
  const order: string[] = [];
  const { child, stop } = aChild(7);
  await running.start('etcd', Promise.resolve(child));
  running.onStop(async () => void order.push(`first, programs stopped: ${stop.mock.calls.length}`));
  running.onStop(async () => void order.push('second'));
  expect(running.pids()).toEqual({ etcd: 7 });
  await Promise.all([running.stop(), running.stop()]);
  expect(order).toEqual(['second', 'first, programs stopped: 0']);
  expect(stop).toHaveBeenCalledTimes(1);
});

test('a part that fails to end does not keep the programs running, and is told of', async () => {
  const running = new Running();
  const { child, stop } = aChild(7);
  await running.start('etcd', Promise.resolve(child));
  running.onStop(() => Promise.reject(new Error('no')));
  await expect(running.stop()).rejects.toThrow(/programs of the cluster are stopped/);
  expect(stop).toHaveBeenCalledTimes(1);
});

test('a program that ends by itself is named, one that was stopped is not', async () => {
  const running = new Running();
  const [one, two] = [aChild(1), aChild(2)];
  await running.start('etcd', Promise.resolve(one.child));
  await running.start('kube-apiserver', Promise.resolve(two.child));
  two.die();
  expect(await running.broken).toBe('kube-apiserver');

  const calm = new Running();
  const three = aChild(3);
  await calm.start('etcd', Promise.resolve(three.child));
  await calm.stop();
  expect(await Promise.race([calm.broken, new Promise((resolve) => setImmediate(() => resolve('nothing')))])).toBe(
    'nothing',
  );
});
