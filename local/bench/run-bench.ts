/** The bench on a running, empty stack: sets the scene, measures, counts. */
import { SFNClient } from '@aws-sdk/client-sfn';
import type { ApiClient } from '../../contracts/api/client.ts';
import { localClient } from '../aws/local-clients.ts';
import type { CommandLine } from '../demo/command-line.ts';
import type { Progress } from '../progress.ts';
import { during } from '../stack/during.ts';
import type { RunningStack } from '../stack/stack-state.ts';
import { bareHelm } from './bare-helm.ts';
import { addStages, PACKAGE, setScene, VERSION } from './bench-scene.ts';
import { readFunctionLogs } from './count-calls.ts';
import { costOf } from './count-executions.ts';
import { followPeak, type Watched } from './follow-peak.ts';
import { measureOneByOne } from './measure-one-by-one.ts';
import { measureSideBySide } from './measure-side-by-side.ts';
import { measureStages, type Size, type Staged } from './measure-stages.ts';
import { memoryOf, processes } from './memory.ts';
import type { Measured } from './report.ts';

export interface Bench {
  readonly stack: RunningStack;
  /** Pid of the stack's keeper. */
  readonly keeper: number;
  /** Calls signed by the operator. */
  readonly client: ApiClient;
  readonly run: CommandLine;
  /** The command line as a process of its own. */
  readonly commandLine: (argv: readonly string[]) => Watched;
  readonly progress: Progress;
  /** Rollouts to one environment; a third as many to all. */
  readonly rounds: number;
  readonly environments: number;
  readonly parallel: number;
  readonly wide: Size;
}

export async function runBench(bench: Bench): Promise<Measured> {
  const { stack, client, run, progress, rounds, parallel } = bench;
  const since = Date.now();
  const began = performance.now();
  const first = await client.call({ method: 'GET', path: '/packages' });
  const firstCallMs = performance.now() - began;
  if (first.status !== 200) throw new Error(`the API answers ${first.status}: ${JSON.stringify(first.body)}`);
  const scene = await during(progress, 'Package, environments and access', () =>
    setScene(stack, run, bench.environments),
  );
  const bare = bareHelm(stack, scene);
  const oneByOne = await during(progress, `One environment, ${rounds} times`, () =>
    measureOneByOne(client, scene, bare, rounds),
  );
  const many = { parallel, rounds: Math.max(2, Math.round(rounds / 3)) };
  const sideBySide = await during(progress, `${bench.environments} environments, ${many.rounds} times`, () =>
    measureSideBySide(client, scene, bare, many),
  );
  const memory = memoryOf(await processes(), bench.keeper);
  const argv = ['rollout', PACKAGE, '--version', VERSION, '--target', '{}', '--description', 'memory', '--json'];
  const commandLineMib = await during(progress, 'Memory of the command line', () =>
    followPeak(bench.commandLine(argv)),
  );
  const staged = await runStages(bench);
  return await during(progress, 'Counting', async () => {
    const logs = await readFunctionLogs(stack.endpoint, since);
    const { RolloutMachineArn: rollout = '', DeploymentMachineArn: deployment = '' } = stack.outputs;
    const sfn = new SFNClient(localClient(stack.endpoint));
    try {
      const count = (rollouts: typeof oneByOne.warm) => costOf(sfn, { rollout, deployment }, logs, rollouts);
      const costs = { one: await count(oneByOne.warm), all: await count(sideBySide.rollouts) };
      return { firstCallMs, oneByOne, sideBySide, staged, costs, logs, memory, commandLineMib };
    } finally {
      sfn.destroy();
    }
  });
}

/** Only the wide rollout, on a stack that has nothing yet. */
export async function runOnlyStages(bench: Bench): Promise<Staged> {
  const { stack, run, progress } = bench;
  await during(progress, 'Package and access', () => setScene(stack, run, 1));
  return await runStages(bench);
}

async function runStages({ stack, client, run, progress, wide }: Bench): Promise<Staged> {
  const { stages, environments } = wide;
  const all = `${stages * environments} environments`;
  await during(progress, `${all} and their access`, () => addStages(stack, run, stages, environments));
  return await during(progress, `${all} in ${stages} stages, twice`, () => measureStages(client, wide));
}
