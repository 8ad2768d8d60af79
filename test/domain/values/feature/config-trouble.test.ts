import { expect, test } from 'vitest';
import { configTrouble, readAs } from '../../../../domain/values/feature/config-trouble.ts';
import type { ConfigType } from '../../../../domain/values/feature/feature.ts';

test.each<[ConfigType, unknown, string | undefined]>([
  ['string', 'a', undefined],
  ['string', '', undefined],
  ['string', 5, 'must be text, and is a number: quote it'],
  ['string', true, 'must be text, and is true or false: quote it'],
  ['string', ['a'], 'must be text, and is a list'],
  ['string', { a: 1 }, 'must be text, and is a map'],
  ['int', 5, undefined],
  ['int', -5, undefined],
  ['int', 1.5, 'must be a whole number, and has a fraction or is too large'],
  ['int', 2 ** 60, 'must be a whole number, and has a fraction or is too large'],
  ['int', '5', 'must be a whole number, and is text: write it without quotes'],
  ['int', true, 'must be a whole number, and is true or false'],
  ['bool', false, undefined],
  ['bool', 'true', 'must be true or false without quotes, and is text'],
  ['bool', 1, 'must be true or false without quotes, and is a number'],
  ['string_array', [], undefined],
  ['string_array', ['a', 'b'], undefined],
  ['string_array', 'a', 'must be a list of texts, and is text: write it on a line that begins with -'],
  ['string_array', ['a', 1], 'must be a list of texts, and item 2 is a number: quote it'],
  ['string_array', [['a']], 'must be a list of texts, and item 1 is a list'],
  ['string_array', [null], 'must be a list of texts, and item 1 is nothing'],
  ['string_array', {}, 'must be a list of texts, and is a map'],
])('%s %j: %s', (type, value, because) => {
  expect(configTrouble(type, value)).toBe(because);
});

test.each<[ConfigType, string, unknown]>([
  ['string', '5', '5'],
  ['int', '5', 5],
  ['int', '-12', -12],
  ['bool', 'true', true],
  ['bool', 'false', false],
])('a secret text %s %j is read as %j', (type, text, value) => {
  expect(readAs(type, text)).toEqual({ ok: true, value });
});

test.each<[ConfigType, string]>([
  ['int', '5.5'],
  ['int', ''],
  ['int', '99999999999999999999'],
  ['bool', 'yes'],
])('a secret text that is no %s is refused without being shown (%j)', (type, text) => {
  const read = readAs(type, text);
  expect(read.ok).toBe(false);
  if (text !== '') expect(JSON.stringify(read)).not.toContain(text);
});
