/** A test of the test: bugs on purpose are found, and told so that a person can replay them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { PLANTS, PlantOutOfDate, planted } from './plants.ts';

const main = join(import.meta.dirname, 'main.ts');
const run = promisify(execFile);
/** Found within some hundreds; the rest is for changes of the code that make them rarer. */
const RUNS = 5000;

describe('a planted bug is found', () => {
  test.for(Object.keys(PLANTS))('%s', { timeout: 600_000 }, async (plant) => {
    const args = [main, '--plant', plant, '--runs', String(RUNS)];
    const told = await run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }).then(
      () => ({ code: 0, stdout: '' }),
      (error: unknown) => error as { readonly code: number; readonly stdout: string },
    );
    expect(told.code, `${plant} was not found in ${RUNS} scenarios`).toBe(1);
    expect(told.stdout).toMatch(/^broken: /m);
    expect(told.stdout).toMatch(new RegExp(`^again: npm run test:faults -- --seed \\d+ --plant ${plant}$`, 'm'));
    expect(told.stdout.trim().split('\n').at(-1)).toMatch(
      /\d+ scenarios in .* broken; \d+ faults \(.*slowest seed \d+/,
    );
  });
});

test('a plant whose line has changed says so', () => {
  const plant = { file: 'a.ts', of: 'b', instead: 'c', means: '' };
  expect(planted(plant, 'abd')).toBe('acd');
  expect(() => planted(plant, 'a')).toThrow(PlantOutOfDate);
  expect(() => planted(plant, 'bb')).toThrow(PlantOutOfDate);
});

test('arguments are read strictly', () => {
  expect(readArguments([])).toMatchObject({ runs: 5000, jobs: 2, from: 1 });
  expect(readArguments(['--seed', '7', '--plant', 'fence-ignored'])).toMatchObject({ seed: 7, plant: 'fence-ignored' });
  expect(() => readArguments(['--plant', 'nothing'])).toThrow();
  expect(() => readArguments(['--runs', '0'])).toThrow();
  expect(() => readArguments(['--what'])).toThrow();
});
