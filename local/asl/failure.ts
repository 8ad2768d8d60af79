/** Errors as state machines know them: a name that Retry and Catch look for, and a cause for people. */

/** A state, and with it perhaps the execution, has failed. */
export class AslFailure extends Error {
  override readonly name = 'AslFailure';
  readonly error: string;

  /** `error` is the name that `ErrorEquals` lists. */
  constructor(error: string, cause: string) {
    super(cause);
    this.error = error;
  }
}

/** What no `States.ALL` catches (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html). */
const TERMINAL = ['States.DataLimitExceeded', 'States.Runtime'];

/** Whether a retrier or catcher with this `ErrorEquals` is meant. */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  if (errorEquals.includes(error)) return true;
  if (TERMINAL.includes(error)) return false;
  if (errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout';
}

/** Whatever was thrown, as a failure; a Lambda's exception goes by its name (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). */
export function toFailure(thrown: unknown): AslFailure {
  if (thrown instanceof AslFailure) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: 'Error', message: String(thrown) };
  return new AslFailure(name, JSON.stringify({ errorType: name, errorMessage: message }));
}
