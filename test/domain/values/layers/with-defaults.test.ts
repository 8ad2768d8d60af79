import { expect, test } from 'vitest';
import type { JsonMap } from '../../../../domain/json.ts';
import { withDefaults, withoutNulls } from '../../../../domain/values/layers/with-defaults.ts';

test.each<[string, JsonMap, JsonMap, JsonMap]>([
  ['maps merge deep', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
  ['lists replace', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['a null takes away what the chart has', { a: { b: 1 }, c: 2 }, { a: { b: null }, c: null }, { a: {} }],
  ['a null stays where the chart has nothing', {}, { a: null }, { a: null }],
  ["the chart's own null stays", { a: null }, {}, { a: null }],
  ['a value goes over a null of the chart', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
])('%s', (_, defaults, given, expected) => expect(withDefaults(defaults, given)).toEqual(expected));

test('a key __proto__ is a key like any other', () => {
  const given = JSON.parse('{"__proto__":{"polluted":1}}') as JsonMap;
  expect(Object.keys(withDefaults({}, given))).toEqual(['__proto__']);
  expect('polluted' in {}).toBe(false);
});

test('nulls leave at any depth of maps, and stay in lists', () => {
  expect(withoutNulls({ a: null, b: { c: null, d: [null] } })).toEqual({ b: { d: [null] } });
});
