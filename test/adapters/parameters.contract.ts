/** What the port `Parameters` promises, run on every store that claims to keep it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Parameters } from '../../domain/ports.ts';

/** The store, and hands that change it as people do. */
export interface ParametersAtHand {
  readonly parameters: Parameters;
  put(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Runs the promises against the store that `make` gives: an empty one for each test. */
export function parametersContract(name: string, make: () => Promise<ParametersAtHand>): void {
  describe(`${name} as Parameters`, () => {
    let hand: ParametersAtHand;
    beforeEach(async () => {
      hand = await make();
    });
    const latest = async (...names: string[]) => Object.fromEntries(await hand.parameters.latest(names));

    test('the latest version of what exists is given, what is missing is left out', async () => {
      await hand.put('/f/a', 'one');
      await hand.put('/f/a', 'two');
      await hand.put('b', 'x: 1\n');
      expect(await latest('/f/a', 'b', '/f/none')).toEqual({
        '/f/a': { version: 2, value: 'two', secret: false },
        b: { version: 1, value: 'x: 1\n', secret: false },
      });
    });

    test('a parameter deleted and made anew starts at version 1', async () => {
      await hand.put('/f/a', 'one');
      await hand.put('/f/a', 'two');
      await hand.remove('/f/a');
      await hand.put('/f/a', 'three');
      expect(await latest('/f/a')).toEqual({ '/f/a': { version: 1, value: 'three', secret: false } });
    });

    test('more names than one call takes are asked for, repeated ones once', async () => {
      const names = Array.from({ length: 23 }, (_, i) => `/f/p${i}`);
      for (const name of names) await hand.put(name, name);
      expect(Object.keys(await latest(...names, ...names))).toHaveLength(23);
    });

    test('an older version is given as it was, and one that never was is not', async () => {
      await hand.put('/f/a', 'one');
      await hand.put('/f/a', 'two');
      expect(await hand.parameters.exactly('/f/a', 1)).toBe('one');
      expect(await hand.parameters.exactly('/f/a', 2)).toBe('two');
      expect(await hand.parameters.exactly('/f/a', 3)).toBeUndefined();
      expect(await hand.parameters.exactly('/f/none', 1)).toBeUndefined();
    });

    test('no names, no answer', async () => {
      expect(await latest()).toEqual({});
    });
  });
}
