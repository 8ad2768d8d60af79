import { expect, test } from 'vitest';
import { isAtLeast, versionIn } from '../../../local/install/version-order.ts';

test.each([
  ['go version go1.26.8 linux/amd64', [1, 26, 8]],
  ['Python 3.11.7', [3, 11, 7]],
  ['3.13.0rc1', [3, 13, 0]],
  ['go1.25', [1, 25, 0]],
  ['command not found', undefined],
  ['', undefined],
])('the version in %j is %j', (text, version) => {
  expect(versionIn(text)).toEqual(version);
});

test.each([
  ['go version go1.26.8 linux/amd64', '1.25.3', true],
  ['go version go1.25.3 linux/amd64', '1.25.3', true],
  ['go version go1.25.2 linux/amd64', '1.25.3', false],
  ['go version go1.9.7 linux/amd64', '1.25.3', false],
  ['3.10.0', '3.10.0', true],
  ['3.9.18', '3.10.0', false],
  ['4.0', '3.10.0', true],
  ['nothing of the kind', '3.10.0', false],
])('%j is at least %s: %s', (text, oldest, yes) => {
  expect(isAtLeast(text, oldest)).toBe(yes);
});
