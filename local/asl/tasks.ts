/** What tasks do: the integrations that our machines use, and no others. */
import type { Task } from './definition.ts';
import type { Ended, Execution } from './execution.ts';
import { AslFailure } from './failure.ts';
import type { Tokens } from './tokens.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface TaskDeps {
  readonly time: VirtualTime;
  /** A Lambda function: gets its payload, gives its answer, throws its exception. */
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  /** SDK integrations by their name, such as `aws-sdk:ssm:getParameters`. */
  readonly integrations: Readonly<Record<string, (args: unknown) => Promise<unknown>>>;
  start(machineArn: string, name: string, input: unknown): Execution;
  readonly tokens: Tokens;
}

export interface Call {
  readonly state: Task;
  readonly args: Readonly<Record<string, unknown>>;
  /** For `.waitForTaskToken`. */
  readonly token: string;
}

const PREFIX = 'arn:aws:states:::';

/**
 * Does what the task's resource says, within its `TimeoutSeconds`.
 * @throws AslFailure `States.Timeout`, or whatever the resource threw.
 */
export async function doTask(call: Call, deps: TaskDeps): Promise<unknown> {
  const { TimeoutSeconds = Number.POSITIVE_INFINITY } = call.state;
  const sleep = deps.time.sleep(TimeoutSeconds);
  const late = sleep.over.then(() => {
    throw new AslFailure('States.Timeout', `no end within ${TimeoutSeconds} seconds`);
  });
  try {
    return await Promise.race([dispatch(call, deps), late]);
  } finally {
    sleep.cancel();
    deps.tokens.forget(call.token);
  }
}

async function dispatch({ state: { Resource }, args, token }: Call, deps: TaskDeps): Promise<unknown> {
  const integration = Resource.slice(PREFIX.length);
  switch (integration) {
    case 'lambda:invoke':
      return { StatusCode: 200, Payload: await invoke(args, deps) };
    case 'lambda:invoke.waitForTaskToken': {
      const answer = deps.tokens.answerTo(token);
      await invoke(args, deps);
      return answer;
    }
    case 'states:startExecution.sync:2':
      return child(args, deps);
    default: {
      const call = deps.integrations[integration];
      if (call === undefined) throw new Error(`the runner does not know ${Resource}`);
      return copy(await call(copy(args)));
    }
  }
}

/** A payload and an answer are JSON on their way. */
async function invoke({ FunctionName, Payload }: Call['args'], { invoke }: TaskDeps): Promise<unknown> {
  return copy(await invoke(String(FunctionName), copy(Payload)));
}

async function child({ StateMachineArn, Name, Input }: Call['args'], { start }: TaskDeps): Promise<unknown> {
  const ended = await start(String(StateMachineArn), String(Name), copy(Input)).ended;
  if (ended.status === 'SUCCEEDED') return described(ended);
  throw new AslFailure('States.TaskFailed', JSON.stringify({ ...described(ended), Error: ended.error }));
}

function described({ arn, machineArn, name, input, output, status }: Ended) {
  return { ExecutionArn: arn, StateMachineArn: machineArn, Name: name, Input: input, Output: output, Status: status };
}

const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
