import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { painter } from '../../cli/paint.ts';
import { clip, firstLine, plain } from '../../cli/plain.ts';

describe('text of others', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a cleared screen', 'a\u001b[2Jb', 'ab'],
    ['a title for the window', '\u001b]0;title\u0007text', 'text'],
    ['a line that is rewritten', 'bad\rgood', 'badgood'],
    ['a bell, and what turns text around', 'a\u0007\u202eb\u2066c', 'abc'],
  ])('loses %s', (_what, text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  it('keeps lines, tabs and letters of every script', () => {
    expect(plain('a\tb\nžluťoučký 猫 👩‍👩‍👧')).toBe('a\tb\nžluťoučký 猫 👩‍👩‍👧');
    expect(firstLine('one\ntwo')).toBe('one');
  });
});

describe('a line', () => {
  it('that fits stays as it is, and a longer one ends in …', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
    expect(clip('abcdefg', 6)).toBe('abcde…');
    expect(clip('猫猫猫', 4)).toBe('猫…');
  });

  it('is switched back to its usual colour, wherever it is cut', () => {
    const paint = painter(true);
    expect(clip(`${paint('red', 'abcdef')} tail`, 4)).toBe(`${paint('red', 'abc…')}`);
  });

  it('is never wider than its columns, painted or not', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (text, columns, on) => {
          const line = `${painter(on)('green', plain(text).replaceAll(/[\n\t]/g, ' '))} end`;
          expect(stringWidth(clip(line, columns))).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
