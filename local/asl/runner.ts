/**
 * State machines without a cloud: runs JSONata definitions in this process, in time that nobody waits for. It stands in
 * `local/` beside the other stand-ins for AWS rather than among the tests, because whoever wants to see thousands of
 * rollouts with faults in seconds needs it too. It is stricter than AWS where it can be (unknown fields, quotas of
 * payload and history) and knows only what our machines use.
 */
import type { MachineDefinition } from './definition.ts';
import { type Ended, type Execution, History, type Started } from './execution.ts';
import { AslFailure } from './failure.ts';
import { runExecution } from './run-execution.ts';
import type { TaskDeps } from './tasks.ts';
import { Tokens } from './tokens.ts';

export interface RunnerProps extends Pick<TaskDeps, 'time' | 'invoke' | 'integrations'> {
  /** Machines by their ARN. */
  readonly machines: Readonly<Record<string, MachineDefinition>>;
  /** 0–1, for jitter and `$random()`. @default 1, the longest pause */
  readonly random?: () => number;
  /** Told of every end, as EventBridge would be. */
  readonly onEnd?: (ended: Ended) => void;
}

export interface Runner {
  /**
   * Starts an execution. The same name with the same input is the running execution.
   * @throws AslFailure `ExecutionAlreadyExists` for a name that was used otherwise.
   */
  start(machineArn: string, name: string, input: unknown): Execution;
  /** As somebody does by hand. Executions that it has started go on, as MiniStack lets them. */
  stop(execution: Execution): void;
  /** Ends a wait. `gone` when nobody waits on that token any more. */
  sendTaskSuccess(token: string, output: unknown): 'woken' | 'gone';
  /** Whether somebody waits on that token. */
  isWaiting(token: string): boolean;
  readonly executions: readonly Execution[];
}

/** A runner of `machines`. */
export function aslRunner({ machines, onEnd = () => undefined, random = () => 1, ...props }: RunnerProps): Runner {
  const executions = new Map<string, Running>();
  const tokens = new Tokens();

  const start = (machineArn: string, name: string, input: unknown): Execution => {
    const definition = machines[machineArn];
    if (definition === undefined) throw new AslFailure('StateMachineDoesNotExist', machineArn);
    if (name.length > MOST_NAME) throw new AslFailure('InvalidName', `${name} has more than ${MOST_NAME} characters`);
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = executions.get(arn);
    if (known !== undefined) return again(known, input);
    const started = { arn, machineArn, definition, name, input, startedAt: props.time.now() };
    const running = new Running(started, (history) =>
      runExecution(started, { ...props, random, history, tokens, start }),
    );
    executions.set(arn, running);
    void running.ended.then(onEnd);
    return running;
  };

  return {
    start,
    stop: ({ arn }) => executions.get(arn)?.history.interrupt('ABORTED'),
    sendTaskSuccess: (token, output) => tokens.answer(token, output),
    isWaiting: (token) => tokens.isWaiting(token),
    get executions() {
      return [...executions.values()];
    },
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const MOST_NAME = 80;

class Running implements Execution {
  readonly arn: string;
  readonly name: string;
  readonly input: unknown;
  readonly history = new History();
  readonly ended: Promise<Ended>;
  over = false;

  constructor({ arn, name, input }: Started, run: (history: History) => Promise<Ended>) {
    this.arn = arn;
    this.name = name;
    this.input = input;
    this.ended = run(this.history).finally(() => {
      this.over = true;
    });
  }

  get visited(): readonly string[] {
    return this.history.visited;
  }

  get inputs(): readonly unknown[] {
    return this.history.inputs;
  }

  get events(): number {
    return this.history.events;
  }
}

function again(known: Running, input: unknown): Execution {
  if (!known.over && JSON.stringify(known.input) === JSON.stringify(input)) return known;
  throw new AslFailure('ExecutionAlreadyExists', `${known.name} was used already`);
}
