import { expect, test } from 'vitest';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { objectsContract } from '../objects.contract.ts';

objectsContract('memory', async () => memoryObjects());

test('writers and readers share no bytes with the bucket', async () => {
  const objects = memoryObjects();
  const bytes = Uint8Array.from([1]);
  await objects.putOnce('a', bytes);
  bytes[0] = 2;
  (await objects.get('a'))?.fill(3);
  expect(await objects.get('a')).toEqual(Uint8Array.from([1]));
  expect(objects.keys()).toEqual(['a']);
});
