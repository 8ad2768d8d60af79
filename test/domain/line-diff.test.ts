import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../domain/line-diff.ts';

const names = { before: 'old', after: 'new' };
const diff = (before: string, after: string) => lineDiff(before, after, names).join('\n');

describe('a diff', () => {
  it('of the same is empty', () => {
    expect(lineDiff('a\n', 'a\n', names)).toEqual([]);
  });

  it('shows lines that came, with three lines around them', () => {
    expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n', '1\n2\n3\n4\nx\ny\n5\n6\n7\n8\n')).toBe(
      '--- old\n+++ new\n@@ -2,6 +2,8 @@\n 2\n 3\n 4\n+x\n+y\n 5\n 6\n 7',
    );
  });

  it('shows lines that went, and a whole new text', () => {
    expect(diff('1\n2\n', '1\n')).toBe('--- old\n+++ new\n@@ -1,2 +1,1 @@\n 1\n-2');
    expect(diff('', 'a\n')).toBe('--- old\n+++ new\n@@ -0,0 +1,1 @@\n+a');
    expect(diff('a\n', '')).toBe('--- old\n+++ new\n@@ -1,1 +0,0 @@\n-a');
  });

  it('tells a last line without a line break from one with it', () => {
    expect(diff('a', 'a\nb')).toBe(
      '--- old\n+++ new\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file',
    );
  });

  it('never shows the carriage return of a line', () => {
    expect(diff('a\r\n', 'a\r\nb\r\n')).not.toContain('\r');
  });

  it('has every line that came and none that did not', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    const applies = fc.property(lines, lines, (one, other) => {
      const [before = '', after = ''] = [one, other].map((l) => l.map((line) => `${line}\n`).join(''));
      fc.pre(before !== after);
      const [, , head = '', ...body] = lineDiff(before, after, names);
      const from = Number(/^@@ -(\d+)/.exec(head)?.[1]);
      const of = (marks: string) => body.filter((l) => marks.includes(l.charAt(0))).map((l) => l.slice(1));
      const begin = of(' -').length === 0 ? from : from - 1;
      expect([...one.slice(0, begin), ...of(' +'), ...one.slice(begin + of(' -').length)]).toEqual(other);
    });
    fc.assert(applies);
  });
});
