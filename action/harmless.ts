/** Words of others (a chart, a cluster, a server), made so that they cannot command the runner and cannot become markup of the summary. */
import { stripVTControlCharacters } from 'node:util';

/** Control characters but for line feed and tab, what ends a line elsewhere, and what turns the direction of text around (https://trojansource.codes). */
const INVISIBLE = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Without escape sequences and invisible characters. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(INVISIBLE, '');

/**
 * Text for the log. The runner obeys lines that begin with `::`, whatever blanks precede it, and `##[` wherever it stands
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
export function logLine(text: string): string {
  const lines = plain(text).replaceAll('##[', '## [').split('\n');
  return lines
    .map((line, i) => (i > 0 ? `  | ${line}` : line.trimStart().startsWith('::') ? `| ${line}` : line))
    .join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // An empty line would end the block of HTML, and what follows would be Markdown.
  '\n': '&#10;',
  '\t': ' ',
};

/** Text inside an element of the summary. GitHub leaves the content of `code` and `pre` alone: no mentions, no links, no emoji. */
export const html = (text: string): string =>
  plain(text).replaceAll(/[&<>"'\n\t]/g, (character) => ENTITIES[character] ?? '');

/** The same as code, cut to a length that a table bears. */
export function code(text: string, most = 300): string {
  const short = plain(text);
  return `<code>${html(short.length > most ? `${short.slice(0, most - 1)}…` : short)}</code>`;
}

/** A link, if it is one to the web; else its words. */
export function link(words: string, url: string | undefined): string {
  const found = url === undefined ? null : URL.parse(url);
  return found?.protocol === 'https:' ? `<a href="${html(found.href)}">${html(words)}</a>` : html(words);
}
