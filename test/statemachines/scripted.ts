/** The shipped machines in the in-process runner, with functions that say what a script says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended } from '../../local/asl/execution.ts';
import { loadMachine } from '../../local/asl/load-machine.ts';
import { aslRunner, type RunnerProps } from '../../local/asl/runner.ts';
import { virtualTime } from '../../local/asl/virtual-time.ts';
import { NOW, ROLLOUT } from '../support/items.ts';

type MachineName = 'rollout' | 'deployment' | 'plan';

export const fileOf = (machine: MachineName) =>
  readFileSync(join(import.meta.dirname, `../../statemachines/${machine}.asl.json`), 'utf8');

/** Functions and machines go by the names of their placeholders, without `Arn`; the deployer by the name that *Begin* gives it. */
const NAMES = [
  'PlanRollout',
  'DecideNext',
  'StoreWait',
  'FinishRollout',
  'BeginDeployment',
  'FinishDeployment',
  'DeploymentMachine',
];
const SUBSTITUTIONS = Object.fromEntries(NAMES.map((name) => [`${name}Arn`, name]));
export const load = (machine: MachineName) => loadMachine(fileOf(machine), SUBSTITUTIONS);

/** One call of a function; `to` is the function, with the operation where it is the deployer. */
export interface Call {
  readonly to: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
/** Answers to one function, call by call; the last one is given again and again. A function of ours throws, takes its time, or answers the token that it got. */
export type Answers = readonly (object | ((call: Call, wake: (token: unknown) => void) => unknown))[];

export interface Played {
  readonly ended: Ended;
  readonly calls: readonly Call[];
  /** States and what they were given. */
  readonly path: readonly { readonly state: string; readonly input: unknown }[];
  readonly events: number;
  readonly seconds: number;
}

export const throws = (name: string) => () => {
  throw Object.assign(new Error('with words that stay inside'), { name });
};
/** Never answers: the task runs into its time limit. */
export const hangs = () => new Promise<never>(() => undefined);

/** Runs one machine to its end by the script. */
export async function play(
  machine: MachineName,
  script: Readonly<Record<string, Answers>>,
  more: {
    readonly input?: object;
    readonly integrations?: RunnerProps['integrations'] /** Told each function's name. */;
    readonly onCall?: (name: string) => void;
  } = {},
): Promise<Played> {
  const calls: Call[] = [];
  const time = virtualTime(NOW);
  const asked = new Map<string, number>();
  const runner = aslRunner({
    machines: { [machine]: load(machine), DeploymentMachine: child() },
    time,
    integrations: more.integrations ?? {},
    invoke: async (name, payload) => {
      more.onCall?.(name);
      const call = callOf(name, payload as Call['payload']);
      calls.push(call);
      const count = asked.get(call.to) ?? 0;
      asked.set(call.to, count + 1);
      const answers = script[call.to] ?? [];
      const answer = answers[count] ?? answers.at(-1);
      if (answer === undefined) throw new Error(`the script has no answer for ${call.to}`);
      return typeof answer === 'function' ? answer(call, wake) : answer;
    },
  });
  const wake = (token: unknown) => void runner.sendTaskSuccess(String(token), {});
  const input = more.input ?? { v: 1, rolloutId: ROLLOUT, ...(machine === 'rollout' ? { run: 1 } : TRY) };
  const execution = runner.start(machine, 'one', input);
  const ended = await time.run(execution.ended);
  const seconds = (time.now().getTime() - NOW.getTime()) / 1000;
  const path = execution.visited.map((state, i) => ({ state, input: execution.inputs[i] }));
  return { ended, calls, path, events: execution.events, seconds };
}

const TRY = { environment: 'dev', attempt: 2, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'parent' };

function callOf(name: string, payload: Call['payload']): Call {
  const { operation } = payload;
  return { to: typeof operation === 'string' ? operation : name, payload };
}

/** Stands for the deployment machine: it calls `Child` with its input, and is as good or bad as the answer. */
function child() {
  const Arguments = { FunctionName: 'Child', Payload: '{% $states.input %}' };
  const Child = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments, End: true };
  return loadMachine(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Child', States: { Child } }), {});
}
