import type { Finding, FindingState } from '../../domain/doctor/finding.ts';
import { plain } from '../plain.ts';
import { condense } from './condense.ts';
import { sumOf } from './render-screen.ts';

const MARKS: Readonly<Record<FindingState, string>> = {
  ok: '✅ ok',
  warn: '⚠️ warn',
  fail: '❌ fail',
  skipped: '➖ skipped',
};

/** The same as a table for a job's summary (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary). */
export function renderSummary(findings: readonly Finding[]): string {
  const shown = condense(findings);
  const rows = shown.map(({ area, of, check, package: pkg, state, says, fix }) => {
    const about = [area, of].filter((part) => part !== undefined).join(' ');
    const words = fix === undefined ? cell(says) : `${cell(says)}<br>→ ${cell(fix)}`;
    return `| ${cell(about)} | ${cell(pkg === undefined ? check : `${check} ${pkg}`)} | ${MARKS[state]} | ${words} |`;
  });
  return ['## Fairlead doctor', '', sumOf(shown), '', '| | check | | |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** Words from outside stay words: no Markdown, no HTML, no further cells. */
function cell(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~#!]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/\s+/g, ' ');
}
