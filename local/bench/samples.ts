/** A few figures over measured times. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Percentiles by nearest rank: each figure is one that was measured (https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method).
 * @throws when there is nothing to sum up.
 */
export function summarise(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = (percent: number): number => {
    const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
    if (value === undefined) throw new Error('no samples to sum up');
    return value;
  };
  return { count: sorted.length, p50: rank(50), p95: rank(95), least: rank(0), most: rank(100) };
}
