/** An error that leaves the deployer: Lambda writes its words and its stack to the log, and to the machine that called. */
import type { Redact } from '../../domain/values/secrets/redactor.ts';

/** Causes of causes are not followed further. */
const MOST_CAUSES = 5;

/** The same error, its words and stack masked in place, so that its name and class stay. What is no error becomes one. */
export function hushedError(error: unknown, redact: Redact, causes = MOST_CAUSES): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error)));
  error.message = redact(error.message);
  if (error.stack !== undefined) error.stack = redact(error.stack);
  // Fields of other errors are whatever their makers put there, and logs print them.
  for (const [field, value] of Object.entries(error)) {
    if (typeof value === 'string') Reflect.set(error, field, redact(value));
  }
  if (error.cause === undefined) return error;
  error.cause = causes === 0 ? undefined : hushedError(error.cause, redact, causes - 1);
  return error;
}
