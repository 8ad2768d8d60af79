import { describe, expect, test } from 'vitest';
import { readYamlText } from '../../../adapters/helm/read-yaml-text.ts';

describe('what a template computed is read as helm reads values', () => {
  test.each([
    ['', null],
    ['# nothing', null],
    ['text', 'text'],
    ['5', 5],
    ['yes', true],
    ['2024-01-01', '2024-01-01'],
    ['- a\n- b', ['a', 'b']],
    ['{"a": {"b": 1}}', { a: { b: 1 } }],
    ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
  ])('%j is %j', (text, value) => {
    expect(readYamlText(text)).toEqual({ ok: true, value });
  });
});

describe('what is broken or too much is told by its place, never by its text', () => {
  const bomb = ['a: &a [CANARY,CANARY,CANARY,CANARY,CANARY,CANARY,CANARY,CANARY,CANARY,CANARY]'];
  for (const [above, below] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair])) {
    bomb.push(`${below}: &${below} [${Array.from({ length: 10 }, () => `*${above}`).join(',')}]`);
  }

  test.each([
    ['CANARY: [', 'line 1'],
    ['a: 1\n\tCANARY: 2', 'line 2'],
    ['a: CANARY\na: 2', 'line 2, column 1 (duplicate key)'],
    ['a: *CANARY', 'an alias of nothing'],
    ['a: !CANARY x', 'line 1'],
    ['a: .inf # CANARY', 'a number that JSON does not know'],
    [bomb.join('\n'), 'alias'],
    ['['.repeat(100_000), ''],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 'nested deeper'],
    [`CANARY${'x'.repeat(1024 * 1024)}`, 'more than 1048576 characters'],
  ])('%#', (text, because) => {
    const read = readYamlText(text);
    expect(read).toEqual({ ok: false, because: expect.stringContaining(because) });
    expect(JSON.stringify(read)).not.toContain('CANARY');
  });
});
