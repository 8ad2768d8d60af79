/**
 * Values with something else in the place of every secret: what a chart makes of two such sets tells which of it depends on secrets,
 * whatever a template did to them. Types stay, and what is empty stays empty, so that a chart takes the same way with them.
 */
import { isMap, type JsonMap } from '../../json.ts';
import { type Leaf, type Path, pathId } from '../effective.ts';
import type { Redact } from './redactor.ts';

/** The two have no letter, no digit and no length in common. */
export type Variant = 'one' | 'other';

export interface Secretive {
  readonly values: JsonMap;
  readonly leaves: readonly Leaf[];
  /** Knows the secrets: what it would mask counts as one, whoever set it. */
  readonly redact: Redact;
}

/** Undefined when there is nothing secret in them. */
export function sentinelValues({ values, leaves, redact }: Secretive, variant: Variant): JsonMap | undefined {
  const secret = new Set(leaves.flatMap((leaf) => (leaf.secret ? [pathId(leaf.path)] : [])));
  const known = new Map<string, string>();
  let replaced = 0;
  const textFor = (text: string) => {
    const found = known.get(text) ?? sentinelText(text, variant, known.size);
    known.set(text, found);
    return found;
  };
  const other = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(other);
    if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, other(below)]));
    if (value === undefined || value === null || value === '' || value === 0) return value;
    replaced += 1;
    if (typeof value === 'boolean') return variant === 'one';
    return typeof value === 'string' ? textFor(value) : NUMBERS[variant];
  };
  const visit = (value: unknown, path: Path): unknown => {
    if (path.length > 0 && secret.has(pathId(path))) return other(value);
    if (typeof value === 'string') return redact(value) === value ? value : other(value);
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, `[${index}]`]));
    return isMap(value) ? below(value, path) : value;
  };
  const below = (map: JsonMap, path: Path): JsonMap =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, visit(value, [...path, key])]));
  const all = below(values, []);
  return replaced === 0 ? undefined : all;
}

const NUMBERS: { readonly [V in Variant]: number } = { one: 31_573, other: 486_242 };
const LETTERS: { readonly [V in Variant]: string } = { one: 'bcDfGhJk3', other: 'nPqRstVw7' };
const DIGITS: { readonly [V in Variant]: string } = { one: '1357', other: '2468' };

/** @param index tells texts of one set apart, as they are told apart in what they stand for */
function sentinelText(text: string, variant: Variant, index: number): string {
  if (/^\d{1,9}$/.test(text)) return `${NUMBERS[variant]}${inLetters(index, DIGITS[variant])}`;
  const length = 16 * Math.ceil(text.length / 16) + (variant === 'one' ? 7 : 13);
  const letters = LETTERS[variant];
  const body = Array.from({ length }, (_, place) => letters[(place * 5 + index) % 8]);
  return `${body.join('')}${inLetters(index, letters)}`;
}

function inLetters(count: number, letters: string): string {
  const digits = count.toString(4);
  return Array.from(digits, (digit) => letters[Number(digit)]).join('');
}
