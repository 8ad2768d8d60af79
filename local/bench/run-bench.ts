/** The bench on a running, empty stack: sets the scene, measures, counts. */
import { SFNClient } from '@aws-sdk/client-sfn';
import type { ApiClient } from '../../contracts/api/client.ts';
import { localClient } from '../aws/local-clients.ts';
import type { CommandLine } from '../demo/command-line.ts';
import type { Progress } from '../progress.ts';
import { during } from '../stack/during.ts';
import type { RunningStack } from '../stack/stack-state.ts';
import { bareHelm } from './bare-helm.ts';
import { PACKAGE, setScene, VERSION } from './bench-scene.ts';
import { readFunctionLogs } from './count-calls.ts';
import { costOf } from './count-executions.ts';
import { followPeak, type Watched } from './follow-peak.ts';
import { measureOneByOne } from './measure-one-by-one.ts';
import { measureSideBySide } from './measure-side-by-side.ts';
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
  return await during(progress, 'Counting', async () => {
    const logs = await readFunctionLogs(stack.endpoint, since);
    const { RolloutMachineArn: rollout = '', DeploymentMachineArn: deployment = '' } = stack.outputs;
    const sfn = new SFNClient(localClient(stack.endpoint));
    try {
      const count = (rollouts: typeof oneByOne.warm) => costOf(sfn, { rollout, deployment }, logs, rollouts);
      const costs = { one: await count(oneByOne.warm), all: await count(sideBySide.rollouts) };
      return { firstCallMs, oneByOne, sideBySide, costs, logs, memory, commandLineMib };
    } finally {
      sfn.destroy();
    }
  });
}
