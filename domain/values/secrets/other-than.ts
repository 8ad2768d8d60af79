/**
 * Something that stands in for a secret, to see whether a template's output depends on it: of the same kind, so that the
 * template goes the same way, and different in each letter and in length, so that any part of it shows.
 */
import { isMap } from '../../json.ts';

export function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return otherText(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value + 1_000_003 : value * 2 + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...value.map(otherThan), 'x7'];
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, otherThan(below)]));
  return 'x7';
}

function otherText(text: string): string {
  const other = [...text].map(otherLetter).join('');
  // What has neither letters nor digits would begin as it did.
  return `${other === text && text !== '' ? 'x7' : ''}${other}x7`;
}

/** Letters stay letters and digits digits; what gives a text its form (JSON, URLs) stays. */
function otherLetter(letter: string): string {
  if (/[a-y]/i.test(letter) || /[0-8]/.test(letter)) return String.fromCharCode(letter.charCodeAt(0) + 1);
  if (/[zZ]/.test(letter)) return letter === 'z' ? 'a' : 'A';
  if (/\p{L}/u.test(letter)) return 'x';
  return letter === '9' ? '0' : letter;
}
