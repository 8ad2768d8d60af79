/** Machines of a few states, run at once. */
import { loadMachine } from '../../../local/asl/load-machine.ts';
import { aslRunner, type RunnerProps } from '../../../local/asl/runner.ts';
import { virtualTime } from '../../../local/asl/virtual-time.ts';

export const START = new Date('2026-11-21T10:00:00.000Z');
export const ARN = 'arn:aws:states:eu-north-1:111111111111:stateMachine:trial';

/** A machine of `states`, beginning with the first of them. */
export const machineOf = (states: object, more: object = {}) =>
  loadMachine(
    JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more }),
    {},
  );

/** A call of a function `f` whose payload is the state's input, and whose answer is the output. */
export const call = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  ...more,
});

/** A runner of one machine, or of several by their ARN. */
export function runnerOf(machine: ReturnType<typeof machineOf>, props: Partial<RunnerProps> = {}) {
  const time = virtualTime(START);
  const invoke = async (_name: string, payload: unknown) => payload;
  const runner = aslRunner({ machines: { [ARN]: machine }, time, invoke, integrations: {}, ...props });
  const seconds = () => (time.now().getTime() - START.getTime()) / 1000;
  const run = (input: unknown = {}) => time.run(runner.start(ARN, 'one', input).ended);
  return { runner, time, seconds, run };
}
