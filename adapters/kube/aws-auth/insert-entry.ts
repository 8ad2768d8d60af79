/** Writes one more entry into the text of `mapRoles`, and touches no other byte. */
import type { MapRole } from '../../../domain/aws-auth/map-role.ts';
import { type Indents, type Layout, USUAL_INDENTS } from './layout.ts';

/** A list of lines gets it as its last lines, indented as the others are; a list in brackets as its first value, since that needs no comma behind anybody else's. */
export function insertEntry(text: string, layout: Layout, entry: MapRole): string {
  if (layout.style === 'flow') return inBrackets(text, layout.open, layout.spans.length > 0, entry);
  return asLines(text, layout.style === 'none' ? USUAL_INDENTS : layout.indents, entry);
}

function asLines(text: string, { dash, gap, groups }: Indents, entry: MapRole): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const field = `${dash} ${gap.replaceAll('\t', ' ')}`;
  const lines = [
    `${dash}-${gap}rolearn: ${entry.rolearn}`,
    `${field}username: ${entry.username}`,
    `${field}groups:`,
    ...entry.groups.map((group) => `${field}${groups}- ${group}`),
  ].join(eol);
  // A text that does not end its last line goes on not doing so.
  return text === '' || text.endsWith('\n') ? `${text}${lines}${eol}` : `${text}${eol}${lines}`;
}

/** JSON is YAML too, and who reads the list as JSON goes on doing so. */
function inBrackets(text: string, open: number, more: boolean, entry: MapRole): string {
  const { rolearn, username, groups } = entry;
  const value = JSON.stringify({ rolearn, username, groups });
  const lineBreak = more ? (/^\r?\n[ \t]*/.exec(text.slice(open))?.[0] ?? '') : '';
  return `${text.slice(0, open)}${lineBreak}${value}${more ? ',' : ''}${text.slice(open)}`;
}
