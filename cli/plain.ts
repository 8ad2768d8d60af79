/** Text of others (log lines, messages of a cluster, answers of a server) as it may be shown on a terminal. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** Control characters but for line feed and tab, and what turns the direction of text around (https://trojansource.codes). */
const INVISIBLE = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Without escape sequences, so that nobody's log line moves the cursor or rewrites what stands above it. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(INVISIBLE, '');
}

/** The first line of it. */
export function firstLine(text: string): string {
  return plain(text).split('\n')[0] ?? '';
}

/** All of it in one line: whatever people wrote as a reason, nothing is hidden behind a line feed, and nothing looks like a line of ours. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim();
}

const ESCAPE = '\u001b';
const COLOURS = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** `text`, painted or not, cut with `…` so that it takes at most `columns` on a terminal. */
export function clip(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const parts = text
    .split(COLOURS)
    .flatMap((part) => (part.startsWith(ESCAPE) ? [part] : [...GRAPHEMES.segment(part)].map(({ segment }) => segment)));
  const kept: string[] = [];
  let room = columns - 1;
  for (const part of parts) {
    const width = stringWidth(part);
    // Colours stay, also behind the cut: what was switched on is switched off.
    if (part.startsWith(ESCAPE) || width <= room) kept.push(part);
    else if (room >= 0) kept.push('…');
    if (!part.startsWith(ESCAPE)) room = width <= room ? room - width : -1;
  }
  return kept.join('');
}
