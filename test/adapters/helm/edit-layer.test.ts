import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeLayer } from '../../../adapters/helm/edit-layer.ts';
import { yamlValue } from '../../../adapters/helm/edit-text.ts';
import { readLayerText } from '../../../adapters/helm/read-layer.ts';
import type { KeyChange } from '../../../domain/values/layers/key-change.ts';

const LAYER = `# Of the shop.
replicas: 2 # two are enough

image:
  # Set by the pipeline.
  tag: "1.0"   # quoted, since it is a text
  pullPolicy: Always
mode: 0o17
hosts:
- a.example
- b.example


greeting: |
  hello
  there
# The end.
`;
const set = (path: string, value: unknown): KeyChange => ({ path: path.split('.'), set: value });
const unset = (path: string): KeyChange => ({ path: path.split('.'), unset: true });
const changed = (text: string, ...changes: KeyChange[]) => {
  const answer = changeLayer(text, changes);
  return answer.ok ? answer.text : answer.because;
};

describe('a change of one key changes its own characters and no others', () => {
  test.each<[string, KeyChange, string, string]>([
    ['a number', set('replicas', 3), 'replicas: 2 #', 'replicas: 3 #'],
    ['a text', set('image.tag', '1.4.2'), '"1.0"   #', '1.4.2   #'],
    ['a text that looks like a number', set('image.tag', '2.0'), '"1.0"   #', '"2.0"   #'],
    ['a new key of a map', set('image.repository', 'x'), 'Always\n', 'Always\n  repository: x\n'],
    ['new keys, one in the other', set('image.a.b', true), 'Always\n', 'Always\n  a:\n    b: true\n'],
    ['a new key at the top', set('new', 'on'), '  there\n', '  there\nnew: "on"\n'],
    ['a list that becomes another', set('hosts', ['c']), 'hosts:\n- a.example\n- b.example\n', 'hosts: ["c"]\n'],
    ['a text of lines that becomes a word', set('greeting', 'hi'), 'greeting: |\n  hello\n  there\n', 'greeting: hi\n'],
    ['a key that goes', unset('replicas'), 'replicas: 2 # two are enough\n', ''],
    ['a key of a map that goes', unset('image.pullPolicy'), '  pullPolicy: Always\n', ''],
    ['a list that goes', unset('hosts'), 'hosts:\n- a.example\n- b.example\n', ''],
  ])('%s', (_what, change, old, fresh) => {
    expect(LAYER).toContain(old);
    expect(changed(LAYER, change)).toBe(LAYER.replace(old, fresh));
  });

  test('that says what is so already, or takes out what is not there, changes nothing', () => {
    expect(changed(LAYER, set('replicas', 2), unset('nothing'), unset('image.nothing.at.all'))).toBe(LAYER);
  });

  test.each([
    ['', 'a:\n  b: 1\n'],
    ['# only words\n', '# only words\n\na:\n  b: 1\n'],
    ['a:\n', 'a:\n  b: 1\n'],
    ['{}', '{ a: { b: 1 } }\n'],
  ])('makes the maps that are missing in %j', (before, after) => {
    expect(changed(before, set('a.b', 1))).toBe(after);
  });

  test('of the last key of a map leaves an empty one', () => {
    expect(changed('a:\n  b: 1\nc: 1\n', unset('a.b'))).toBe('a: {}\nc: 1\n');
  });
});

describe('a change that would change something else is refused', () => {
  test.each([
    ['an anchor that is used', 'a: &x 1\nb: *x\n', set('a', 2), /a cannot be changed alone, because of an anchor/],
    ['what an alias brings', 'a: &x {c: 1}\nb: *x\n', set('b.c', 2), /b\.c cannot be changed alone|^a: /],
    ['what a merge brings', 'a: &x {c: 1}\nb: {<<: *x}\n', unset('b.c'), /b\.c cannot be changed alone/],
    ['a key below a number', 'a: 1\n', set('a.b', 2), /a\.b goes through a, which is no map/],
    ['a key below a list', 'a: [1]\n', set('a.0', 2), /a\.0 goes through a, which is no map/],
    ['a layer that is broken', 'a: [', set('a', 2), /is not YAML at line 1/],
  ])('%s', (_what, text, change, words) => {
    expect(changed(text, change)).toMatch(words);
  });
});

test('whatever is set in whatever layer reads as it was set, with everything else as it was', {
  timeout: 30_000,
}, () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd.e', '', 'on', '1', '__proto__', 'x y', '#', ':');
  const values = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  fc.assert(
    fc.property(
      values,
      fc.array(key, { minLength: 1, maxLength: 3 }),
      fc.jsonValue({ maxDepth: 1 }),
      (before, path, value) => {
        const answer = changeLayer(JSON.stringify(before), [{ path, set: value }]);
        if (!answer.ok) {
          expect(answer.because).toMatch(/goes through|cannot be changed alone/);
          return;
        }
        const read = readLayerText(answer.text);
        const after: unknown = read.ok && JSON.parse(JSON.stringify(read.values));
        const wanted = structuredClone(JSON.parse(JSON.stringify(before)));
        let here = wanted;
        for (const step of path.slice(0, -1)) {
          if (!Object.hasOwn(here, step) || here[step] === null) define(here, step, {});
          here = here[step];
        }
        define(here, path.at(-1) ?? '', JSON.parse(JSON.stringify(value)));
        expect(after).toEqual(wanted);
      },
    ),
    { numRuns: 200 },
  );
});

/** A key `__proto__` is a key like any other. */
const define = (map: object, key: string, value: unknown) =>
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });

test.each([
  ['3', 3],
  ['on', true],
  ['0o17', 15],
  ['1.4.2', '1.4.2'],
  ['2020-01-01', '2020-01-01'],
  ['[a, b]', ['a', 'b']],
  ['{a: 1}', { a: 1 }],
  ['"3"', '3'],
  ['', null],
  ['null', null],
])('KEY=%s sets what a layer with it would say', (text, value) => {
  expect(yamlValue(text)).toEqual({ value });
});

test.each(['[1', '"x', '*a', 'a\nb: 1', '{', '!!binary aa=='])('KEY=%j is no value', (text) => {
  expect(yamlValue(text)).toBeUndefined();
});
