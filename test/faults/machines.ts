/** The shipped machines on the in-process runner, and the rules that tell of their ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOfRun } from '../../contracts/ended-execution.ts';
import type { RolloutRun } from '../../contracts/machines.ts';
import type { Machines } from '../../domain/ports.ts';
import type { Ended } from '../../local/asl/execution.ts';
import { AslFailure } from '../../local/asl/failure.ts';
import { loadMachine } from '../../local/asl/load-machine.ts';
import type { Runner } from '../../local/asl/runner.ts';
import type { Faults } from './faults.ts';
import { MACHINES } from './installation.ts';
import type { Invoke } from './platform.ts';
import { Throttled } from './ports.ts';
import type { Process } from './process.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';

const FUNCTIONS = [
  'plan-rollout',
  'decide-next',
  'store-wait',
  'finish-rollout',
  'begin-deployment',
  'deploy-release',
  'finish-deployment',
];

const machine = (name: 'rollout' | 'deployment') => {
  const file = join(import.meta.dirname, `../../statemachines/${name}.asl.json`);
  const pascal = (folder: string) => folder.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const arns = Object.fromEntries(FUNCTIONS.map((folder) => [`${pascal(folder)}Arn`, folder]));
  return loadMachine(readFileSync(file, 'utf8'), { ...arns, DeploymentMachineArn: MACHINES.deployment });
};

export const DEFINITIONS = { [MACHINES.rollout]: machine('rollout'), [MACHINES.deployment]: machine('deployment') };

export interface MachineDeps {
  readonly faults: Faults;
  readonly random: Random;
  readonly story: Story;
  sleep(seconds: number): Promise<void>;
  invoke: Invoke;
  runner(): Runner;
}

/** The port by which functions start executions and end waits. */
export function machinesOf({ faults, random, sleep, story, runner }: MachineDeps, process: Process): Machines {
  return {
    startRollout: (rolloutId, run) =>
      process.step('starts an execution', () => {
        const input: RolloutRun = { v: 1, rolloutId, run };
        try {
          runner().start(MACHINES.rollout, nameOfRun(input), input);
          return 'started';
        } catch (error) {
          if (error instanceof AslFailure && error.error === 'ExecutionAlreadyExists') return 'already';
          throw error;
        }
      }),
    startPlan: async (planId) => Promise.reject(new Error(`nobody asked for plan ${planId} here`)),
    wake: (token) =>
      process.step('answers a token', async () => {
        if (faults.strikes('wake-fails', process.name)) throw new Throttled('rate exceeded');
        if (faults.strikes('token-late', process.name)) await sleep(random.between(1, 30));
        const outcome = runner().sendTaskSuccess(token, {});
        story.tell(process.name, () => `wakes ${token.split(':').at(-1)}: ${outcome}`);
        return outcome;
      }),
  };
}

/** EventBridge's rules on executions that did not succeed: told once more after a failure, now and then never. */
export function tellEnds({ faults, sleep, invoke, story }: MachineDeps): (ended: Ended) => void {
  const tell = async ({ arn, machineArn, name, input, status }: Ended): Promise<void> => {
    story.tell('step-functions', () => `execution ${name} has ended: ${status}`);
    if (status === 'SUCCEEDED' || faults.strikes('end-untold', name)) return;
    const detail = { executionArn: arn, stateMachineArn: machineArn, name, status, input: JSON.stringify(input) };
    const event = { 'detail-type': 'Step Functions Execution Status Change', detail };
    const target = machineArn === MACHINES.rollout ? 'finish-rollout' : 'finish-deployment';
    for (let tries = 1; tries <= 3; tries++) {
      await sleep(tries === 1 ? 0.5 : 60);
      const done = await invoke(target, name, event).then(
        () => true,
        () => false,
      );
      if (done) return;
    }
  };
  return (ended) => void tell(ended);
}

/** Ends an execution as somebody does in the console; what it has started goes on or is ended with it. */
export function stopSomething({ random, runner, story }: MachineDeps, over: ReadonlySet<string>): void {
  const running = runner().executions.filter(({ arn }) => !over.has(arn));
  if (running.length === 0) return;
  const rollouts = running.filter(({ arn }) => arn.includes('fairlead-rollout'));
  const chosen = random.pick(random.chance(0.8) && rollouts.length > 0 ? rollouts : running);
  story.tell('somebody', () => `stops execution ${chosen.name}`);
  runner().stop(chosen);
  const ids = chosen.arn.includes('fairlead-rollout') && random.chance(0.3) ? [chosen.name.slice(0, 26)] : [];
  for (const child of running) {
    if (child !== chosen && ids.some((id) => child.name.startsWith(id))) runner().stop(child);
  }
}
