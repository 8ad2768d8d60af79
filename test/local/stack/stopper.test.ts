import { expect, test } from 'vitest';
import { Stopper } from '../../../local/stack/stopper.ts';

test('what came up last stops first, and each once', async () => {
  const order: string[] = [];
  const stopper = new Stopper();
  for (const name of ['aws', 'cluster']) await stopper.add(name, async () => order.push(name));
  await Promise.all([stopper.stop(), stopper.stop()]);
  expect(order).toEqual(['cluster', 'aws']);
});

test('one that cannot be stopped does not keep the others up', async () => {
  const stopped: string[] = [];
  const stopper = new Stopper();
  await stopper.add('aws', async () => stopped.push('aws'));
  await stopper.add('cluster', async () => Promise.reject(new Error('stuck')));
  await expect(stopper.stop()).rejects.toMatchObject({ errors: [{ message: 'cluster could not be stopped' }] });
  expect(stopped).toEqual(['aws']);
});

test('what comes up while all is being stopped is stopped at once', async () => {
  const stopper = new Stopper();
  await stopper.stop();
  let stopped = false;
  const late = stopper.add('a late cluster', async () => {
    stopped = true;
  });
  await expect(late).rejects.toThrow('a late cluster came up while the stack was being stopped');
  expect(stopped).toBe(true);
});
