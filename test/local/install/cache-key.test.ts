import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cacheFolder } from '../../../local/install/cache-folder.ts';
import { cacheKey } from '../../../local/install/cache-key.ts';

const parts = { name: 'tool', version: '1.2.3', platform: 'linux', arch: 'x64', recipe: ['a', 'bc'] };

test('a key says what it is for', () => {
  expect(cacheKey(parts)).toMatch(/^tool-1\.2\.3-linux-x64-[0-9a-f]{10}$/);
});

test('the same parts give the same key, other recipes another, even when only the borders between their parts moved', () => {
  const recipe = fc.array(fc.string(), { maxLength: 4 });
  fc.assert(
    fc.property(recipe, recipe, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(cacheKey({ ...parts, recipe: one }) === cacheKey({ ...parts, recipe: other })).toBe(same);
    }),
  );
  expect(cacheKey({ ...parts, recipe: ['ab', 'c'] })).not.toBe(cacheKey(parts));
});

test.each([
  [{ XDG_CACHE_HOME: '/var/cache/me', HOME: '/home/me' }, '/var/cache/me/fairlead'],
  [{ HOME: '/home/me' }, '/home/me/.cache/fairlead'],
  [{ XDG_CACHE_HOME: 'relative', HOME: '/home/me' }, '/home/me/.cache/fairlead'],
  [{ XDG_CACHE_HOME: '', HOME: '/home/me' }, '/home/me/.cache/fairlead'],
])('the cache of %j is %s', (env, folder) => {
  expect(cacheFolder(env)).toBe(folder);
});

test('without a home there is no cache, and the message says which variable helps', () => {
  expect(() => cacheFolder({})).toThrow(/XDG_CACHE_HOME/);
});
