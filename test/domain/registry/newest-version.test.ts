import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, newestVersion } from '../../../domain/registry/newest-version.ts';

describe('the newest version', () => {
  test.each([
    [['1.0.0', '1.10.0', '1.9.9'], '1.10.0'],
    [['1.0.0', '2.0.0-rc.1'], '1.0.0'],
    [['2.0.0-rc.1', '2.0.0-rc.10', '2.0.0-rc.9'], '2.0.0-rc.10'],
    [['latest', 'sha256-abc.sig', '0.1.0'], '0.1.0'],
    [['v1.2.3', 'v1.2.4'], 'v1.2.4'],
    [['1.0.0+build.7'], '1.0.0+build.7'],
    [['99999999999999999999.0.0', '100000000000000000000.0.0'], '100000000000000000000.0.0'],
    [['latest'], undefined],
    [[], undefined],
  ])('of %j is %s', (tags, newest) => {
    expect(newestVersion(tags)).toBe(newest);
  });

  test('is that of semver.org for pre-releases', () => {
    const inOrder = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ];
    expect([...inOrder].reverse().sort(compareVersions)).toEqual(inOrder);
  });

  const field = fc.oneof(fc.nat(20).map(String), fc.constantFrom('a', 'rc', 'b-1'));
  const version = fc
    .tuple(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)), fc.array(field, { maxLength: 3 }))
    .map(([core, pre]) => `${core.join('.')}${pre.length > 0 ? `-${pre.join('.')}` : ''}`);

  test('does not depend on the order of the tags', () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1 }), (tags) => {
        expect(newestVersion([...tags].reverse())).toBe(newestVersion(tags));
      }),
    );
  });

  test('follows a total order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
