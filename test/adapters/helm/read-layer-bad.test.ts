import { describe, expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { pathId } from '../../../domain/values/effective.ts';
import { mergeLayers } from '../../../domain/values/layers/merge-layers.ts';

const NAME = '/eu/webui-service-helm-values.environment.prod';
const read = (text: string) => readLayer(NAME, 12, text);

/** Nine levels of ten aliases each: a thousand million words. */
function laughs(): string {
  const lines = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < 9; i++) {
    lines.push(
      `${'abcdefghi'[i]}: &${'abcdefghi'[i]} [${Array(10)
        .fill(`*${'abcdefghi'[i - 1]}`)
        .join(',')}]`,
    );
  }
  return lines.join('\n');
}
/** One long text, used as often as aliases may be used. */
const longText = () => `long: &l ${'x'.repeat(200_000)}\nall:\n${'- *l\n'.repeat(900)}`;
/** One wide map, likewise. */
const wideMap = () =>
  `wide: &w {${Array.from({ length: 2000 }, (_, i) => `k${i}: 1`).join(', ')}}\nall:\n${'- *w\n'.repeat(900)}`;

describe('bad input is told by parameter, version and place, in seconds, and never by its text', () => {
  test.each<[string, string, RegExp]>([
    ['a bomb of aliases', laughs(), /uses more aliases than it may at line 1, column 1/],
    ['a long text many times', longText(), /comes to too much when its aliases are written out at line 1, column 1/],
    ['a wide map many times', wideMap(), /comes to too much when its aliases are written out/],
    ['an anchor in itself', 'a: &a [*a]', /nested deeper than 100 levels at line 1, column 1/],
    ['twenty thousand brackets', '['.repeat(20_000), /nested too deep|is not YAML/],
    ['twenty thousand maps', `${'{a: '.repeat(20_000)}1`, /nested too deep|is not YAML/],
    ['a key twice', 'a: 1\nb: 2\na: hunter2', /is not YAML at line 3, column 1 \(duplicate key\)/],
    ['a key twice, in two spellings', 'yes: 1\ntrue: hunter2', /is not YAML at line 2, column 1 \(duplicate key\)/],
    ['a key twice, deep', 'a:\n  b: {c: 1, c: hunter2}', /is not YAML at line 2, column 13 \(duplicate key\)/],
    ['a tab for an indent', 'a:\n\tb: hunter2', /is not YAML at line 2, column 1/],
    ['NaN', 'a:\n  b: .nan', /has a number that JSON does not know at a\.b, line 2, column 3/],
    ['an infinite number in a list', 'a:\n- .inf', /has a number that JSON does not know at a\.0, line 1, column 1/],
    ['more than a megabyte', `a: ${'x'.repeat(1024 * 1024)}`, /has 1048579 bytes, more than 1048576/],
    [
      'bytes that are no UTF-8',
      `base64:${Buffer.from([0x61, 0x3a, 0x20, 0xe9]).toString('base64')}`,
      /not base64 of UTF-8/,
    ],
    [
      'a text of UTF-16',
      Buffer.from('a: 1', 'utf16le').toString('latin1'),
      /character that YAML does not allow at line 1, column 2/,
    ],
    ['half a character', 'a: "\\ud800"', /has a text that is not Unicode at a, line 1, column 1/],
    [
      'a merge over what stands before',
      'b: &b {x: 1}\na: {x: hunter2, <<: *b}',
      /merges keys over those .* at line 2, column 17/,
    ],
    ['a key that is null', 'a: 1\n~: hunter2', /has a key that is no text at line 2, column 1/],
    ['a tag', 'a: !!binary aHVudGVyMg==', /is not YAML at line 1, column 4 \(tag resolve failed\)/],
  ])('%s', (_what, text, because) => {
    const begun = performance.now();
    const answer = read(text);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(answer).toMatchObject({ ok: false, because: expect.stringMatching(because) });
    const said = answer.ok ? '' : answer.because;
    expect(said.startsWith(`${NAME} version 12 `)).toBe(true);
    expect(said).not.toMatch(/hunter2|xxxx/);
    expect(said.length).toBeLessThan(400);
  });
});

describe('what only looks bad is read', () => {
  test('a megabyte of values', { timeout: 20_000 }, () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `key-${i}: value of ${i}`);
    const answer = read(lines.join('\n').slice(0, 1024 * 1024 - 10));
    expect(answer.ok && Object.keys(answer.values).length).toBe(40_000);
  });

  test('twelve layers of four kilobytes, merged', () => {
    const layers = Array.from({ length: 12 }, (_, i) => {
      const own = `own: ${i}\nlayer${i}: ${'x'.repeat(4000)}\n`;
      const answer = read(own);
      return answer.ok ? answer.values : {};
    });
    const merged = mergeLayers(layers);
    expect([Object.keys(merged).length, merged['own']]).toEqual([13, 11]);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('a key named %s', (key) => {
    const answer = read(`${key}: {polluted: true}\na: {${key}: 1}\n`);
    expect(answer.ok && Object.keys(answer.values)).toEqual([key, 'a']);
    expect(answer.ok && Object.keys(mergeLayers([answer.values, answer.values]))).toEqual([key, 'a']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(answer.ok && answer.positions.get(pathId([key, 'polluted']))).toEqual({ line: 1, column: key.length + 4 });
  });
});

describe('where keys stand', () => {
  const positions = (text: string) => {
    const answer = read(text);
    if (!answer.ok) throw new Error(answer.because);
    return (...path: string[]) => {
      const at = answer.positions.get(pathId(path));
      return at && `${at.line}:${at.column}`;
    };
  };

  test('is told of every key of every map, in the text as people write it', () => {
    const text = '# why\na: 1\nb:\n  "c.d": x\n  e: {f: 1, g: [{h: 1}]}\n';
    for (const at of [positions(text), positions(`base64:${Buffer.from(text).toString('base64')}`)]) {
      expect([at('a'), at('b'), at('b', 'c.d'), at('b', 'e'), at('b', 'e', 'f'), at('b', 'e', 'g')]).toEqual([
        '2:1',
        '3:1',
        '4:3',
        '5:3',
        '5:7',
        '5:13',
      ]);
      expect(at('b', 'e', 'g', '0', 'h')).toBeUndefined();
    }
  });

  test('is the anchor for what an alias or a merge brings, and the key itself where it is said again', () => {
    const at = positions('base: &b\n  x: 1\n  z: 1\nweb:\n  <<: *b\n  z: 2\nother: *b\n');
    expect([at('web', 'x'), at('web', 'z'), at('other', 'z'), at('web', '<<')]).toEqual([
      '2:3',
      '6:3',
      '3:3',
      undefined,
    ]);
  });

  test('is told of keys that are no texts by their text', () => {
    const at = positions('1: a\non: b\n2020-01-01: c\n');
    expect([at('1'), at('true'), at('2020-01-01')]).toEqual(['1:1', '2:1', '3:1']);
  });

  test('of nothing is nothing', () => {
    expect(read('# nothing')).toEqual({ ok: true, values: {}, positions: new Map() });
  });
});
