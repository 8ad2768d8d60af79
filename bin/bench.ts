/** `npm run bench [-- --json FILE] [--rounds N] [--only-stages]`: what a rollout costs here, beside the same helm command run bare. Uses a stack of its own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ulid } from 'ulid';
import { signedClient } from '../adapters/aws/signed-client.ts';
import { figuresOf, stagedFigures } from '../local/bench/report.ts';
import { type Bench, runBench, runOnlyStages } from '../local/bench/run-bench.ts';
import { stagesTable, tables } from '../local/bench/tables.ts';
import { cacheFolder } from '../local/install/cache-folder.ts';
import { bareEnvironment } from '../local/process/bare-environment.ts';
import { progressOn } from '../local/progress.ts';
import { type RunningStack, readState } from '../local/stack/stack-state.ts';
import { up } from '../local/stack/up.ts';
import { commandLineOn } from './command-line-on.ts';
import { asOperator } from './destination.ts';
import type { World } from './ports.ts';
import { ROOT } from './root.ts';
import { terminalOf } from './terminal.ts';

const ENVIRONMENTS = 20;
const PARALLEL = 10;
const WIDE = { stages: 3, environments: 100, parallel: 40 };
const DEFAULT_ROUNDS = 12;
const MOST_ROUNDS = 100;

/** Ends the stack: Ctrl-C, or all is measured. */
const over = new AbortController();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    over.abort();
  });
}

const world: World = {
  terminal: terminalOf(process),
  env: process.env,
  interrupted: over.signal,
  readFile: (path) => readFile(path, 'utf8'),
  newKey: () => `bench-${ulid()}`,
  now: () => new Date(),
};

async function benchOn(stack: RunningStack, folder: string, rounds: number): Promise<Bench> {
  const state = await readState(folder);
  if (state === undefined) throw new Error(`the stack in ${folder} is gone`);
  const chosen = asOperator(stack);
  const client = signedClient(chosen);
  return {
    stack,
    keeper: state.keeper.pid,
    client: { call: (request) => client.call({ ...request, signal: over.signal }) },
    run: commandLineOn(world, stack, chosen),
    commandLine: (argv) => ({
      command: process.execPath,
      args: [join(ROOT, 'bin', 'fairlead.ts'), ...argv],
      env: { ...bareEnvironment(process.env), FAIRLEAD_STATE: folder },
    }),
    progress: progressOn(process.stderr),
    rounds,
    environments: ENVIRONMENTS,
    parallel: PARALLEL,
    wide: WIDE,
  };
}

/** Starts a stack as `fairlead up` does, with a keeper of its own, measures on it, and stops it. */
async function onOwnStack<T>(rounds: number, measure: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-bench-'));
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
  const stack = { folder, root: ROOT, env, cache: cacheFolder(env), config: join(ROOT, 'examples/fairlead.yaml') };
  let measured: { readonly is: T } | undefined;
  try {
    await up({
      stack,
      progress: progressOn(process.stderr),
      detach: false,
      signal: over.signal,
      afterReady: async (running) => {
        measured = { is: await measure(await benchOn(running, folder, rounds)) };
        over.abort();
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (measured === undefined) throw new Error('it was stopped before all was measured');
  return measured.is;
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
    'only-stages': { type: 'boolean', default: false },
  },
});
try {
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS)
    throw new Error(`--rounds '${values.rounds}' is not a number from 1 to ${MOST_ROUNDS}`);
  const machine = {
    cpus: availableParallelism(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
  const onlyStages = values['only-stages'];
  const figures = onlyStages
    ? stagedFigures(await onOwnStack(rounds, runOnlyStages))
    : figuresOf(await onOwnStack(rounds, runBench), machine);
  for (const line of 'stages' in figures ? stagesTable(figures) : tables(figures)) world.terminal.out(line);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
} catch (error: unknown) {
  const because = error instanceof Error ? error.message : String(error);
  world.terminal.err(`bench: ${interrupted ? 'stopped, and its stack with it' : because}`);
  process.exitCode = interrupted ? 130 : 2;
}
