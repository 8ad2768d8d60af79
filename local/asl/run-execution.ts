/** One execution from its first state to its end, whatever that is. */
import { type Ended, type History, Interrupted, type Started } from './execution.ts';
import { toFailure } from './failure.ts';
import { type RunDeps, runStates } from './run-states.ts';

/** Runs it; failures are ends, not exceptions. */
export async function runExecution(
  { arn, machineArn, name, input, definition, startedAt }: Started,
  deps: Omit<RunDeps, 'newToken'> & { readonly history: History },
): Promise<Ended> {
  const { TimeoutSeconds = Number.POSITIVE_INFINITY } = definition;
  const sleep = deps.time.sleep(TimeoutSeconds);
  void sleep.over.then(() => deps.history.interrupt('TIMED_OUT'));
  const Execution = { Id: arn, Name: name, Input: input, StartTime: startedAt.toISOString() };
  const place = { outer: {}, context: { Execution, StateMachine: { Id: machineArn } } };
  let issued = 0;
  const newToken = () => {
    issued += 1;
    return `${arn}#${issued}`;
  };
  const which = { arn, machineArn, name, input };
  try {
    const output = await runStates(definition, input, place, { ...deps, newToken });
    return { ...which, status: 'SUCCEEDED', output };
  } catch (thrown) {
    if (thrown instanceof Interrupted) return { ...which, status: thrown.status };
    const { error, message } = toFailure(thrown);
    return { ...which, status: 'FAILED', error, cause: message };
  } finally {
    sleep.cancel();
  }
}
