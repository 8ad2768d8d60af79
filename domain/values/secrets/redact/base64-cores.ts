/** What a text looks like inside of base64, wherever it begins there. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Digits that say nothing but the text, whatever stands around it. */
export interface Core {
  readonly text: string;
  /** One more digit before it says a part of it, and one after it. */
  readonly before: boolean;
  readonly after: boolean;
}

/** For a text that begins 0, 1 or 2 bytes into a group of three (https://www.rfc-editor.org/rfc/rfc4648#section-4). */
export function base64Cores(text: string): readonly Core[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].map((shift) => {
    const [starts, ends] = [8 * shift, 8 * (shift + bytes.length)];
    const [first, end] = [Math.ceil(starts / 6), Math.floor(ends / 6)];
    const digits = Array.from({ length: Math.max(0, end - first) }, (_, i) => digit(bytes, 6 * (first + i) - starts));
    return { text: digits.join(''), before: starts % 6 !== 0, after: ends % 6 !== 0 };
  });
}

/** The whole of it, without padding. */
export function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return Array.from({ length: Math.ceil((8 * bytes.length) / 6) }, (_, i) => digit(bytes, 6 * i)).join('');
}

/** `-` and `_` for `+` and `/` (https://www.rfc-editor.org/rfc/rfc4648#section-5). */
export const forUrls = (digits: string): string => digits.replaceAll('+', '-').replaceAll('/', '_');

/** The six bits from `bit` on. */
function digit(bytes: Uint8Array, bit: number): string {
  const at = bit >> 3;
  const two = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return ALPHABET.charAt((two >> (10 - (bit & 7))) & 63);
}
