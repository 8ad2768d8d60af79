/** What YAML can say and a values file may not: aliases that come to too much, and values that helm could not take as JSON. */
import { type Path, type Position, pathId, pathText } from '../../domain/values/effective.ts';

const MAX_DEPTH = 100;
/** Each value counts with its text and a little more. A layer of 1 MB written out stays below; one that multiplies itself does not. */
const MOST = 8 * 1024 * 1024;
const EACH = 8;

/** Why this is too much, if it is. It stops as soon as that is known. */
export function tooMuch(values: unknown): string | undefined {
  let left = MOST;
  const measure = (value: unknown, depth: number): string | undefined => {
    left -= EACH + (typeof value === 'string' ? value.length : 0);
    if (left < 0) return 'comes to too much when its aliases are written out';
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [key, below] of Object.entries(value)) {
      left -= key.length;
      const found = measure(below, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return measure(values, 0);
}

/** The first value that JSON does not know, with its key and place. Measure before: it visits everything. */
export function oddIn(values: unknown, positions: ReadonlyMap<string, Position>): string | undefined {
  const visit = (value: unknown, path: Path): string | undefined => {
    const odd = oddity(value);
    if (odd !== undefined) return `has ${odd} at ${placed(path, positions)}`;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [key, below] of Object.entries(value)) {
      const found = visit(below, [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(values, []);
}

function oddity(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number that JSON does not know';
  // Half of a pair of UTF-16: no UTF-8 can hold it.
  if (typeof value === 'string' && !value.isWellFormed()) return 'a text that is not Unicode';
  return undefined;
}

/** The key, and where it or what it is in stands. */
function placed(path: Path, positions: ReadonlyMap<string, Position>): string {
  const text = pathText(path);
  for (let length = path.length; length > 0; length--) {
    const at = positions.get(pathId(path.slice(0, length)));
    if (at !== undefined) return `${text}, line ${at.line}, column ${at.column}`;
  }
  return text;
}
