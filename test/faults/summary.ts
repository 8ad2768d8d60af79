/** Counts what was run: the last line of a run. */
import { FAULT_KINDS } from './faults.ts';
import type { SeedResult } from './run-seed.ts';

export interface Summary {
  add(result: SeedResult): void;
  soFar(): string;
  /** Scenarios, faults by kind, the slowest seed. */
  line(): string;
}

export function summary(now: () => number = () => performance.now()): Summary {
  const began = now();
  const counts = new Map<string, number>();
  let scenarios = 0;
  let broken = 0;
  let slowest = { seed: 0, milliseconds: 0 };
  const seconds = () => `${((now() - began) / 1000).toFixed(1)} s`;
  return {
    add(result) {
      scenarios += 1;
      if (result.broken.length > 0) broken += 1;
      if (result.milliseconds > slowest.milliseconds) slowest = result;
      for (const [kind, n] of Object.entries(result.faults)) counts.set(kind, (counts.get(kind) ?? 0) + n);
    },
    soFar: () => `${scenarios} scenarios in ${seconds()}`,
    line() {
      const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
      const each = FAULT_KINDS.flatMap((kind) => (counts.has(kind) ? [`${kind} ${counts.get(kind)}`] : []));
      const held = broken === 0 ? 'all held' : `${broken} broken`;
      return `${scenarios} scenarios in ${seconds()}, ${held}; ${all} faults (${each.join(', ')}); slowest seed ${slowest.seed} (${Math.round(slowest.milliseconds)} ms)`;
    },
  };
}
