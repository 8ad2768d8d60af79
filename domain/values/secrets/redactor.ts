/**
 * Which parts of a text tell a secret? Every occurrence of each one, in the forms that texts give it: as it is, escaped,
 * quoted, indented or broken over lines, base64 at any alignment, percent-encoded. It is for output paths only; what is
 * applied never goes through here.
 */
import { type Found, findAll, patternsOf } from './redact/patterns.ts';
import { readingsOf, viewOf } from './redact/views.ts';

/** Masks secrets in a text that is shown or kept. */
export type Redact = (text: string) => string;

/** Shorter texts are not masked: they stand everywhere, and masking them would say more than they do. */
export const SHORTEST_SECRET = 4;

export const MASK = '[redacted]';

/**
 * A redactor for these secrets; without any, it changes nothing. Its work grows with the text, hardly with the number of secrets.
 * Of secrets of several lines each line of 8 characters or more counts by itself, too.
 */
export function redactor(secrets: readonly string[]): Redact {
  const long = secrets.filter((secret) => secret.trim().length >= SHORTEST_SECRET);
  if (long.length === 0) return (text) => text;
  const patterns = patternsOf(long);
  return (text) =>
    masked(text, [
      ...readingsOf(text).flatMap((reading) => findAll(text, viewOf(text, reading), patterns)),
      ...long.flatMap((secret) => occurrences(text, secret.trim())),
    ]);
}

/** As they are: some are nothing but blanks and quotes. */
function occurrences(text: string, secret: string): readonly Found[] {
  const found: Found[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
    found.push({ from: at, to: at + secret.length });
  }
  return found;
}

/** One mask for what overlaps or touches. */
function masked(text: string, found: readonly Found[]): string {
  if (found.length === 0) return text;
  const parts: string[] = [];
  let end = 0;
  for (const { from, to } of found.toSorted((a, b) => a.from - b.from)) {
    if (parts.length === 0 || from > end) parts.push(text.slice(end, from), MASK);
    end = Math.max(end, to);
  }
  return [...parts, text.slice(end)].join('');
}
