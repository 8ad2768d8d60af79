/** Takes one entry out of the text of `mapRoles`, and touches no other byte. */
import type { ListLayout, Span } from './layout.ts';

/** The reverse of `insertEntry`, wherever in the list the entry stands by now. */
export function removeEntry(text: string, layout: ListLayout, index: number): string {
  const span = layout.spans[index];
  if (span === undefined) throw new Error(`mapRoles has no entry ${index}`);
  const { begin, end } =
    layout.style === 'flow' ? withComma(text, layout.open, span, index) : withLineBreak(text, span);
  return text.slice(0, begin) + text.slice(end);
}

/** Where the text did not end its last line, it does not do so afterwards either. */
function withLineBreak(text: string, { begin, end }: Span): Span {
  if (end < text.length || text.endsWith('\n')) return { begin, end };
  const before = /\r?\n$/.exec(text.slice(0, begin))?.[0].length ?? 0;
  return { begin: begin - before, end };
}

function withComma(text: string, open: number, { begin, end }: Span, index: number): Span {
  if (index > 0) return { begin: begin - (/,\s*$/.exec(text.slice(0, begin))?.[0].length ?? 0), end };
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  // On a line of its own it goes with the line break before it.
  const ownLine = comma > 0 && /^\r?\n/.test(text.slice(end + comma)) && /^\s*\n/.test(text.slice(open, begin));
  return { begin: ownLine ? open : begin, end: end + comma };
}
