/**
 * What was asked of a tool or of AWS was not done, for a reason that the user can act on: the message names it and the next step.
 * Adapters throw it where a person reads the words; exit code 2.
 */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}
