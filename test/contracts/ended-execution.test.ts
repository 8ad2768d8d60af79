import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameOfRun, nameOfTry, runOf, tryOf } from '../../contracts/ended-execution.ts';
import { NAME_PATTERN } from '../../domain/names.ts';
import { ROLLOUT } from '../support/items.ts';

const name = fc.stringMatching(NAME_PATTERN);
const number = fc.integer({ min: 1, max: 999_999_999 });

test('a try is read back from the name of its execution, whatever its environment is called', () => {
  fc.assert(
    fc.property(name, number, (environment, attempt) => {
      const which = { v: 1 as const, rolloutId: ROLLOUT, environment, attempt };
      expect(tryOf({ name: nameOfTry(which) })).toEqual(which);
    }),
  );
});

test('the name of an execution has at most 80 characters', () => {
  const longest = { rolloutId: ROLLOUT, environment: 'a'.repeat(40), attempt: 999_999_999 };
  expect(nameOfTry(longest).length).toBeLessThanOrEqual(80);
});

test('a run is read back from the name of its execution', () => {
  expect(runOf({ name: nameOfRun({ rolloutId: ROLLOUT, run: 12 }) })).toEqual({ v: 1, rolloutId: ROLLOUT, run: 12 });
});

test('the input is believed before the name', () => {
  const input = JSON.stringify({ v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 2, more: 'x' });
  expect(tryOf({ name: 'by-hand', input })).toEqual({ v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 2 });
});

test.each([
  ['a name given by hand', { name: 'test-1' }],
  ['a name of a run', { name: `${ROLLOUT}-1` }],
  ['input of something else', { name: 'x', input: '{"a":1}' }],
  ['input that is no JSON', { name: 'x', input: '{' }],
  ['an environment that is no name', { name: `${ROLLOUT}-Dev-1` }],
])('%s is no try of ours', (_, detail) => {
  expect(tryOf(detail)).toBeUndefined();
});

test('a name of a try is no run of ours', () => {
  expect(runOf({ name: `${ROLLOUT}-dev-1`, input: null })).toBeUndefined();
});
