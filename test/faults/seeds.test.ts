/** A few hundred scenarios of the healthy code; `npm run test:faults` runs thousands. */
import { expect, test } from 'vitest';
import { replay } from './arguments.ts';
import { FAULT_KINDS } from './faults.ts';
import { runSeed } from './run-seed.ts';

const SEEDS = 200;
const FROM = 100_001;

test(`${SEEDS} scenarios hold every rule, whatever strikes them`, { timeout: 240_000 }, async () => {
  const struck = new Set<string>();
  for (let seed = FROM; seed < FROM + SEEDS; seed++) {
    const { broken, faults } = await runSeed(seed);
    expect(broken, replay(seed, undefined)).toEqual([]);
    for (const kind of Object.keys(faults)) struck.add(kind);
  }
  // The rarest need thousands.
  expect(FAULT_KINDS.filter((kind) => !struck.has(kind)).length).toBeLessThan(4);
});

test('a seed tells the same story each time', { timeout: 60_000 }, async () => {
  for (const seed of [3, 36]) {
    const [one, other] = [await runSeed(seed, true), await runSeed(seed, true)];
    expect(one.story.length).toBeGreaterThan(20);
    expect(other.story).toEqual(one.story);
    expect((await runSeed(seed)).faults).toEqual(one.faults);
  }
});
