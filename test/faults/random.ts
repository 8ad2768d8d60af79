/** Everything random of a scenario comes from its seed, in streams that do not disturb each other. */

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  between(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
}

/** The stream called `name` of `seed` (mulberry32). */
export function seeded(seed: number, name: string): Random {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619), seed ^ 0x811c9dc5);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 4; warm++) next();
  return {
    next,
    chance: (probability) => next() < probability,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    between: (from, to) => from + next() * (to - from),
    pick(items) {
      const found = items[Math.floor(next() * items.length)];
      if (found === undefined) throw new RangeError('there is nothing to pick from');
      return found;
    },
  };
}
