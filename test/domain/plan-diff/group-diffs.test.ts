import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIFF_STATES, type ObjectChange } from '../../../domain/plan-diff/environment-diff.ts';
import { type Grouped, groupDiffs } from '../../../domain/plan-diff/group-diffs.ts';
import { sayChanges } from '../../../domain/plan-diff/say-changes.ts';

/** An object for each letter; a capital letter is deleted. */
const objectsOf = (letters: string): ObjectChange[] =>
  [...letters].map((letter) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', name: letter.toLowerCase() },
    ...(letter === letter.toLowerCase()
      ? { change: 'update', fields: [{ path: 'data.a', from: { value: 1 }, to: { value: 2 } }] }
      : { change: 'delete', fields: [] }),
  }));
const diff = (environment: string, letters: string): Grouped => ({
  environment,
  state: letters === '' ? 'unchanged' : 'changes',
  objects: objectsOf(letters),
});
const groups = (...diffs: Grouped[]) =>
  groupDiffs(diffs).map(({ state, environments, lines, also }) => [
    state,
    environments.join(' '),
    lines.map(({ object }) => object.slice(-1)).join(''),
    also.map((part) => `${part.environments.join(' ')}+${part.lines.map(({ object }) => object.slice(-1)).join('')}`),
  ]);

test('what does not change comes first, then what changes alike in most environments', () => {
  expect(groups(diff('x', 'd'), diff('b', 'ac'), diff('a', 'ca'), diff('y', ''), diff('z', ''))).toEqual([
    ['unchanged', 'y z', '', []],
    ['changes', 'a b', 'ca', []],
    ['changes', 'x', 'd', []],
  ]);
});

test('an environment that changes the same and more belongs to the group', () => {
  expect(groups(diff('qa', 'ab'), diff('test', 'ab'), diff('prod-eu', 'abC'))).toEqual([
    ['changes', 'prod-eu qa test', 'ab', ['prod-eu+c']],
  ]);
});

test('it belongs to the largest part that it holds', () => {
  expect(groups(diff('a', 'a'), diff('b', 'bc'), diff('all', 'abcd'))).toEqual([
    ['changes', 'all b', 'bc', ['all+ad']],
    ['changes', 'a', 'a', []],
  ]);
});

test('states are never mixed', () => {
  const blocked = { ...diff('b', 'ab'), state: 'blocked' as const };
  expect(groups(diff('a', 'a'), blocked)).toEqual([
    ['changes', 'a', 'a', []],
    ['blocked', 'b', 'ab', []],
  ]);
});

const someDiffs = fc.uniqueArray(
  fc.record({
    environment: fc.stringMatching(/^[a-z]{1,3}$/),
    state: fc.constantFrom(...DIFF_STATES),
    objects: fc.subarray([...'abcDE']).map((letters) => objectsOf(letters.join(''))),
  }),
  { selector: ({ environment }) => environment, maxLength: 12 },
);

test('every environment is in exactly one group, and nothing that it changes is lost', () => {
  fc.assert(
    fc.property(someDiffs, (diffs) => {
      const found = groupDiffs(diffs);
      expect(found.flatMap(({ environments }) => environments).sort()).toEqual(
        diffs.map((one) => one.environment).sort(),
      );
      for (const { environment, state, objects } of diffs) {
        const group = found.find(({ environments }) => environments.includes(environment));
        const also = group?.also.filter(({ environments }) => environments.includes(environment)) ?? [];
        expect(also.length).toBeLessThanOrEqual(1);
        const lines = [...(group?.lines ?? []), ...also.flatMap((part) => part.lines)].map((line) =>
          JSON.stringify(line),
        );
        expect(lines.sort()).toEqual(
          sayChanges(objects)
            .map(({ line }) => JSON.stringify(line))
            .sort(),
        );
        expect(group?.state).toBe(state);
      }
    }),
  );
});

test('the order in which environments come does not matter', () => {
  fc.assert(
    fc.property(someDiffs, (diffs) => {
      expect(groupDiffs(diffs.toReversed())).toEqual(groupDiffs(diffs));
    }),
  );
});
