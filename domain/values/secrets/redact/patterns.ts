/** The forms of secrets, ready to be found in a view of a text. */
import { base64, base64Cores, forUrls } from './base64-cores.ts';
import { type View, viewOf } from './views.ts';

interface Pattern {
  readonly codes: Uint16Array;
  readonly before: boolean;
  readonly after: boolean;
  /** Short, and without blanks of its own: blanks inside of it would make it something else. */
  readonly tight: boolean;
}

/** A stretch of the text: from `from` until before `to`. */
export interface Found {
  readonly from: number;
  readonly to: number;
}

/** By their first four codes; those that are longer first. */
export type Patterns = ReadonlyMap<number, readonly Pattern[]>;

const KEY_CODES = 4;
const LONG = 8;
const LONG_LINE = 8;

/** Each form once. What comes to less than four characters without blanks and quotes is left out. */
export function patternsOf(secrets: readonly string[]): Patterns {
  const forms = new Map<string, Pattern>();
  const add = (form: string, edges = { before: false, after: false }) => {
    for (const breaks of [true, false]) {
      const { codes } = viewOf(form, { breaks, percent: false });
      if (codes.length < KEY_CODES) continue;
      forms.set(codes.join(), { codes, ...edges, tight: codes.length < LONG && !/\s/.test(form) });
    }
  };
  for (const text of new Set(secrets.flatMap(textsOf))) {
    add(text);
    const spoken = JSON.stringify(text).slice(1, -1);
    const once = base64(text);
    for (const inside of new Set([text, spoken, once, forUrls(once)])) {
      for (const { text: digits, ...edges } of base64Cores(inside)) {
        add(digits, edges);
        add(forUrls(digits), edges);
      }
    }
  }
  const byKey = Map.groupBy(forms.values(), ({ codes }) => keyAt(codes, 0));
  return new Map([...byKey].map(([key, all]) => [key, all.toSorted((a, b) => b.codes.length - a.codes.length)]));
}

/** The secret, and its longer lines: they may be shown one by one. */
function textsOf(secret: string): readonly string[] {
  const whole = secret.trim();
  const lines = whole.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length === 1 ? [whole] : [whole, ...lines.filter((line) => line.length >= LONG_LINE)];
}

/** Every place of `text`, which `view` is a view of, that tells one of the patterns. */
export function findAll(text: string, view: View, patterns: Patterns): readonly Found[] {
  const found: Found[] = [];
  const { codes } = view;
  for (let at = 0; at + KEY_CODES <= codes.length; at++) {
    for (const pattern of patterns.get(keyAt(codes, at)) ?? NONE) {
      const length = lengthAt(codes, at, pattern.codes);
      const stretch = length === 0 ? undefined : stretchOf(view, at, { ...pattern, length });
      if (stretch === undefined || (pattern.tight && /\s/.test(text.slice(stretch.from, stretch.to)))) continue;
      found.push(stretch);
      break;
    }
  }
  return found;
}

const NONE: readonly Pattern[] = [];

function stretchOf({ codes, from, to }: View, at: number, pattern: Pattern & { readonly length: number }): Found {
  const first = pattern.before && isDigit(codes[at - 1]) ? at - 1 : at;
  let last = at + pattern.length - 1;
  if (pattern.after && isDigit(codes[last + 1])) last++;
  return { from: from[first] ?? 0, to: to[last] ?? 0 };
}

/** Of base64, in either alphabet, or its padding. */
const isDigit = (code: number | undefined) => code !== undefined && /[A-Za-z0-9/=_-]/.test(String.fromCharCode(code));

/** What `clip` puts where it has cut. */
const ELLIPSIS = 0x2026;

/** How much of `wanted` stands there: all of it, or its beginning where the text was cut; 0 for neither. */
function lengthAt(codes: Uint16Array, at: number, wanted: Uint16Array): number {
  for (let i = 0; i < wanted.length; i++) {
    if (codes[at + i] !== wanted[i]) return i >= KEY_CODES && codes[at + i] === ELLIPSIS ? i : 0;
  }
  return wanted.length;
}

function keyAt(codes: Uint16Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [codes[at], codes[at + 1], codes[at + 2], codes[at + 3]];
  return Math.imul(Math.imul(Math.imul(a, 257) + b, 257) + c, 257) + d;
}
