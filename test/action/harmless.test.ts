import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rollout } from '../../action/answers.ts';
import { code, html, link, logLine } from '../../action/harmless.ts';
import { summaryOf, summaryOfTrouble } from '../../action/summary.ts';
import { aDeployment, aRollout } from './support.ts';

/** Text made of what could do harm. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::',
        '##[',
        '\n',
        '\r',
        '\u2028',
        '\u0085',
        '\t',
        ' ',
        '<',
        '>',
        '&',
        '"',
        "'",
        '`',
        '|',
        '[x](javascript:x)',
        '\u001b[2J',
        '@acme',
      ),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

describe('a line of the log', () => {
  it.each([
    '::set-output name=x::y',
    '  ::add-mask::x',
    'fine\n::error::x',
    'fine\r::error::x',
    'fine\n \t::stop-commands::x',
    'a ##[set-env name=X]y',
    '\u001b[0m::error::x',
    '\u0000::error::x',
    '\u00a0::error::x',
    '##\u0000[error]x',
  ])('%j is no command', (text) => {
    for (const line of logLine(text).split(/[\n\r\u0085\u2028\u2029]/)) {
      expect(line.trimStart().startsWith('::')).toBe(false);
      expect(line).not.toContain('##[');
    }
  });

  it('is no command whatever it is made of, and no sequence for a terminal', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const lines = logLine(text).split(/[\n\r\u0085\u2028\u2029]/);
        return lines.every(
          (line) => !line.trimStart().startsWith('::') && !line.includes('##[') && !line.includes('\u001b'),
        );
      }),
    );
  });
});

describe('the summary', () => {
  const said = (words: string) => ({ by: words, decision: words, reason: words, breakGlass: words });
  const withWords = (words: string) =>
    Rollout.parse(
      aRollout({
        state: 'failed',
        version: words,
        outcome: { code: 'stage-failed', because: words },
        warning: words,
        deployments: [aDeployment({ state: 'failed', cluster: words, outcome: { code: 'not-ready', because: words } })],
        stages: [{ name: words, gate: { state: words, because: words, given: [said(words)] } }],
        waiting: { on: words, because: words, until: words, who: words },
      }),
    );
  const TAGS = /^(div|h3|p|code|pre|table|tr|td|th|a)$/;

  it('holds no tag but its own, no empty line and no line feed of others, whatever they say', () => {
    fc.assert(
      fc.property(nasty, (words) => {
        const lines = new Map([['dev', [words, words]]]);
        for (const text of [
          summaryOf(withWords(words), { evidence: lines, note: words }),
          summaryOfTrouble(words, words),
        ]) {
          const tags = [...text.matchAll(/<\/?([^\s>]*)/g)].map(([, tag]) => tag ?? '');
          expect(tags.filter((tag) => !TAGS.test(tag))).toEqual([]);
          expect(text.trim()).not.toMatch(/\n\s*\n/);
          for (const line of text.trim().split('\n')) expect(line).toMatch(/^<\/?(div|h3|p|pre|table|tr)>/);
        }
      }),
    );
  });

  it('says how gates stand, who gave a reason and who broke the glass', () => {
    const given = [
      { by: 'ann', decision: 'approve', reason: 'fine' },
      { by: 'bob', decision: 'approve', breakGlass: 'fire' },
    ];
    const stages = [{ name: 'dev' }, { name: 'prod', gate: { state: 'passed', because: '2 of 2 approvals', given } }];
    const text = summaryOf(Rollout.parse(aRollout({ stages })));
    expect(text).toContain('<p>gate of <code>prod</code> passed: <code>2 of 2 approvals</code></p>');
    expect(text).toContain('<p><code>ann</code> (approve): <code>fine</code></p>');
    expect(text).toContain('<p>BREAK-GLASS by <code>bob</code>: <code>fire</code></p>');
  });

  it('escapes what would be markup', () => {
    expect(html(`<img src=x onerror="a('b')"> & \n`)).toBe(
      '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; &#10;',
    );
    expect(code('<b>')).toBe('<code>&lt;b&gt;</code>');
  });

  it.each([
    ['javascript:alert(1)', 'console'],
    ['http://example.com', 'console'],
    ['nonsense', 'console'],
    ['https://example.com/?a="><b>', '<a href="https://example.com/?a=%22%3E%3Cb%3E">console</a>'],
  ])('links to %s as %s', (url, expected) => {
    expect(link('console', url)).toBe(expected);
  });

  it('shows what went wrong first, and counts what has no room', () => {
    const deployments = Array.from({ length: 300 }, (_, i) =>
      aDeployment({
        environment: `e${i}`,
        ...(i === 299 && { state: 'failed', outcome: { code: 'not-ready', because: 'x' } }),
      }),
    );
    const text = summaryOf(Rollout.parse(aRollout({ state: 'failed', deployments })));
    expect(text.indexOf('e299')).toBeLessThan(text.indexOf('e0<'));
    expect(text).toContain('… and 100 more environments');
  });
});
