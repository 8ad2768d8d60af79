/** What the port `Objects` promises, run on every bucket that claims to keep it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Objects } from '../../domain/ports.ts';

/** Runs the promises against the bucket that `make` gives: an empty one for each test. */
export function objectsContract(name: string, make: () => Promise<Objects>): void {
  describe(`${name} as Objects`, () => {
    let objects: Objects;
    beforeEach(async () => {
      objects = await make();
    });
    const text = async (key: string) => {
      const bytes = await objects.get(key);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    };

    test('what was never written is not there', async () => {
      expect(await text('rollouts/a/plan.json')).toBeUndefined();
    });

    test('the first writer of a key writes, the second is told that it exists', async () => {
      expect(await objects.putOnce('rollouts/a/plan.json', 'first')).toBe('written');
      expect(await objects.putOnce('rollouts/a/plan.json', 'second')).toBe('exists');
      expect(await text('rollouts/a/plan.json')).toBe('first');
      expect(await objects.putOnce('rollouts/b/plan.json', 'other')).toBe('written');
    });

    test.each([
      ['text in any script', new TextEncoder().encode('Grüße, 世界')],
      ['any bytes', Uint8Array.from([0, 255, 128, 10, 13])],
      ['nothing', new Uint8Array()],
    ])('%s comes back byte for byte', async (_, bytes) => {
      await objects.putOnce('a', bytes);
      expect([...((await objects.get('a')) ?? [1])]).toEqual([...bytes]);
    });

    test('of ten who write at once, one has written', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) => objects.putOnce('a', `writer ${i}`).catch(() => 'told to try again')),
      );
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
    });
  });
}
