/** What people wrote is told by place and kind of fault, never by its words: values hold secrets, and a job's log is read by many. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readYaml } from '../../action/read-yaml.ts';
import { Values } from '../../contracts/api/values.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterEach(() => warned.mockClear());

const reading = (text: string) => {
  try {
    return { values: readYaml(text, 'values', Values) };
  } catch (error: unknown) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
};

describe('what is no YAML', () => {
  it.each<[string, string, string]>([
    ['a password that reads like an alias', 'password: *S3cret', 'values: line 1, column 11: not YAML (an alias of'],
    ['a password that reads like a tag', 'a: 1\npassword: !S3cret', 'values: line 2, column 11: not YAML (tag resolve'],
    [
      'a password that reads like a directive',
      '%S3cret\n---\na: 1',
      'values: line 1, column 1: not YAML (bad directive',
    ],
    ['a password behind quotes', 'password: "x" S3cret', 'values: line 1, column 15: not YAML (unexpected token'],
    ['a password behind an escape', 'password: "\\S3cret"', 'values: line 1, column 12: not YAML (bad dq escape'],
    ['a password behind a block', 'password: |S3cret\n  a', 'values: line 1, column'],
    ['a key said twice', 'S3cret: 1\nS3cret: 2', 'values: line 2, column 1: not YAML (duplicate key'],
    ['a tab', 'password: S3cret\n\tx: y', 'values: line 2, column 1: not YAML (tab as indent'],
    ['a set, which JSON does not know', 'password: !!set {S3cret}', 'values: line 1, column 11: not YAML (tag resolve'],
  ])('is told without its words: %s', (_, text, words) => {
    const { refused } = reading(text);
    expect(refused).toContain(words);
    expect(refused).not.toMatch(/S3cret/i);
  });

  it('is refused when an alias stands for too much', () => {
    const bomb = [
      'a: &a [1,2]',
      ...[...'bcdefghijk'].map((name, i) => `${name}: &${name} [*${'abcdefghij'[i]}, *${'abcdefghij'[i]}]`),
    ];
    expect(reading(bomb.join('\n')).refused).toBe('values: not YAML (more aliases than it may have)');
  });
});

it('a key that is a list is not repeated either', () => {
  reading('? [S3cret]\n: 1');
  expect(warned).not.toHaveBeenCalled();
});

it('a list that holds itself ends as one that is too deep', () => {
  expect(reading('a: &a [*a]').refused).toMatch(/nested deeper|aliases/);
});

it('aliases of something are what they stand for', () => {
  expect(reading('a: &a 1\nb: *a')).toEqual({ values: { a: 1, b: 1 } });
});

it('text that only looks like more is text', () => {
  expect(reading('a: "*x"\nb: "!y"\nc: 2026-11-21\nd: yes')).toEqual({
    values: { a: '*x', b: '!y', c: '2026-11-21', d: 'yes' },
  });
});
