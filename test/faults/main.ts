/** `npm run test:faults -- [--runs N] [--from SEED] [--jobs N] [--plant NAME]`, or `--seed N` to read one scenario's story. */
import { readArguments, replay } from './arguments.ts';
import { PLANTS } from './plants.ts';
import { runMany, runOne } from './run-many.ts';
import type { SeedResult } from './run-seed.ts';
import { summary } from './summary.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const given = readArguments(process.argv.slice(2));
const { plant } = given;
if (plant !== undefined) say(`planted: ${plant}, ${PLANTS[plant]?.means}`);

const tell = ({ seed, story, broken }: SeedResult) => {
  say(`the story of seed ${seed}`);
  for (const line of story) say(line);
  for (const line of broken) say(`broken: ${line}`);
  if (broken.length > 0) say(`again: ${replay(seed, plant)}`);
};

if (given.seed === undefined) {
  const seen = summary();
  const shown = setInterval(() => say(seen.soFar()), 30_000);
  const broken = await runMany({ ...given, onResult: seen.add }).finally(() => clearInterval(shown));
  if (broken !== undefined) {
    tell(await runOne(broken.seed, plant));
    process.exitCode = 1;
  }
  say(seen.line());
} else {
  const result = await runOne(given.seed, plant);
  tell(result);
  say(result.broken.length === 0 ? `seed ${given.seed} holds` : `seed ${given.seed} is broken`);
  if (result.broken.length > 0) process.exitCode = 1;
}
