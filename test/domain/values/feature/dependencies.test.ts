import { expect, test } from 'vitest';
import { missingDependencies, neededPackages, type Standing } from '../../../../domain/values/feature/dependencies.ts';
import type { Dependency } from '../../../../domain/values/feature/feature.ts';

const standing = new Map<string, Standing>([
  ['a', { healthy: true }],
  ['b', { healthy: true }],
  ['bad', { healthy: false, because: 'is not deployed there' }],
  ['sick', { healthy: false, because: 'is not healthy' }],
]);

test.each<[string, readonly Dependency[], string | undefined]>([
  ['no dependencies', [], undefined],
  ['all of them healthy', [{ allOf: ['a', 'b'] }], undefined],
  ['one of them healthy', [{ anyOf: ['bad', 'a'] }], undefined],
  [
    'one of all is not',
    [{ allOf: ['a', 'bad'] }],
    'it needs bad is not deployed there: roll that out first, then retry',
  ],
  [
    'none of any',
    [{ anyOf: ['bad', 'sick'] }],
    'it needs one of bad, sick: bad is not deployed there, sick is not healthy: roll that out first, then retry',
  ],
  [
    'each entry must hold, and all that is missing is named',
    [{ allOf: ['bad'] }, { anyOf: ['a'] }, { allOf: ['sick'] }],
    'it needs bad is not deployed there; sick is not healthy: roll that out first, then retry',
  ],
  [
    'what was not looked at is missing',
    [{ allOf: ['x'] }],
    'it needs x was not looked at: roll that out first, then retry',
  ],
])('%s', (_, dependencies, expected) => {
  expect(missingDependencies(dependencies, standing)).toBe(expected);
});

test('every package is looked at once', () => {
  expect(neededPackages([{ allOf: ['a', 'b'] }, { anyOf: ['b', 'c'] }])).toEqual(['a', 'b', 'c']);
});
