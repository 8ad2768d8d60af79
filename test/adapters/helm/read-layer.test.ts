import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readLayer } from '../../../adapters/helm/read-layer.ts';

const NAME = 'webui-service-helm-values';
const read = (text: string) => readLayer(NAME, 3, text);
const valuesOf = (text: string) => {
  const answer = read(text);
  return answer.ok ? answer.values : answer;
};
const base64 = (text: string) => `base64:${Buffer.from(text).toString('base64')}`;

describe('a layer that can be read', () => {
  test.each<[string, string, unknown]>([
    ['a map', 'a: 1\nb: {c: [x]}', { a: 1, b: { c: ['x'] } }],
    ['JSON', '{"a": {"b": null}}', { a: { b: null } }],
    ['nothing at all', '', {}],
    ['only comments', '# nothing yet\n', {}],
    ['base64', base64('a: ü'), { a: 'ü' }],
    ['base64 in lines', `base64:\n${Buffer.from('a: 1').toString('base64')}\n`, { a: 1 }],
    ['anchors', 'base: &b {x: 1}\nweb: {<<: *b, z: 2}', { base: { x: 1 }, web: { x: 1, z: 2 } }],
    // Each as helm 4.1.4 was seen to read it.
    ['words for true and false', 'a: yes\nb: off\nc: True', { a: true, b: false, c: true }],
    ['octal and other numbers', 'a: 0777\nb: 0o17\nc: 0x1f\nd: 1_000', { a: 511, b: 15, c: 31, d: 1000 }],
    ['dates and times stay text', 'a: 2020-01-01\nb: 12:30:45', { a: '2020-01-01', b: '12:30:45' }],
    ['keys that are no text', '1: a\ntrue: b', { '1': 'a', true: 'b' }],
  ])('%s', (_, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test('is what was written, for all values of JSON', { timeout: 30_000 }, () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3, noUnicodeString: false }), { maxKeys: 5 });
    fc.assert(
      fc.property(json, (values) => {
        const plain = JSON.parse(JSON.stringify(values));
        // Of JSON's characters YAML refuses these, and helm with it.
        fc.pre(!/[\u007f-\u009f\ud800-\udfff\ufeff\ufffe\uffff]/.test(JSON.stringify(plain)));
        expect(valuesOf(JSON.stringify(plain))).toEqual(plain);
        expect(valuesOf(stringify(plain, { version: '1.1' }))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a layer that is broken is told by name, version and place, never by its text', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < 9; i++) {
    const [one, two] = ['abcdefghi'[i - 1], 'abcdefghi'[i]];
    bomb.push(`${two}: &${two} [${Array(10).fill(`*${one}`).join(',')}]`);
  }
  test.each<[string, string, RegExp]>([
    ['not YAML', 'ok: 1\nhunter2: [1, 2\nb: 3', /is not YAML at line 3, column \d+/],
    ['a tab', 'a:\n\tb: hunter2', /is not YAML at line 2, column 1/],
    ['a key twice', 'hunter2: 1\nhunter2: 2', /is not YAML at line 2, column 1 \(duplicate key\)/],
    ['an alias of nothing', 'a: *hunter2', /is not YAML at line 1, column 4|aliases/],
    ['two documents', 'a: 1\n---\nb: 2', /is not YAML at line 2, column 1 \(multiple docs\)/],
    ['a list', '\n- hunter2', /is not a map at line 2, column 1/],
    ['a word', 'hunter2', /is not a map at line 1, column 1/],
    ['a tag that nobody resolves', 'a: !secret hunter2', /is not YAML at line 1, column 4 \(tag resolve failed\)/],
    ['an alias bomb', bomb.join('\n'), /uses more aliases than it may/],
    ['a merge of no map', 'a: {<<: hunter2}', /merges something that is no map/],
    ['a number that JSON has not', 'a: {b: .inf}', /has a number that JSON does not know at a\.b/],
    ['too deep', `${'{a: '.repeat(150)}1${'}'.repeat(150)}`, /nested deeper than 100 levels/],
    ['too long', `a: ${'x'.repeat(1024 * 1024)}`, /has 1048579 bytes, more than 1048576/],
    ['no base64', 'base64:%%hunter2', /not base64 of UTF-8/],
    ['base64 of bytes', `base64:${Buffer.from([0xff, 0xfe]).toString('base64')}`, /not base64 of UTF-8/],
    ['base64 of no map', base64('[hunter2]'), /is not a map at line 1, column 1/],
    ['a place in S3', 's3://bucket/key?versionId=hunter2', /points to S3: only a layer of plain values/],
  ])('%s', (_, text, because) => {
    const answer = read(text);
    expect(answer).toMatchObject({ ok: false, because: expect.stringMatching(because) });
    const said = answer.ok ? '' : answer.because;
    expect(said.startsWith(`${NAME} version 3 `)).toBe(true);
    expect(said).not.toContain('hunter2');
  });
});
