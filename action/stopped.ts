/** Why the Action ends before its rollout did: words for people, an exit code for the job. */
import { PROBLEM_BASE, type Problem } from '../contracts/api/problem.ts';
import { EXIT, exitOfProblem } from '../contracts/outcome-table.ts';

export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly exit: number;

  /** @param exit of contracts/outcome-table.ts */
  constructor(message: string, exit: number, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** An input is off. Names the input, the wrong value and the fix. Exit code 6. */
export const wrongInput = (message: string): Stopped => new Stopped(message, EXIT['wrong invocation']);

/** A refusal of the API and every field at fault, a line each. */
export function refusedBy({ type, title, detail, errors = [] }: Problem): Stopped {
  const fields = errors.map(({ pointer, detail: wrong }) => `\n  ${pointer || '/'}: ${wrong}`);
  // A name such as GitHub keeps its capitals.
  const head = `${title.replace(/^[A-Z](?=[a-z]*\b)/, (letter) => letter.toLowerCase())}: ${detail}`;
  return new Stopped(`${head}${fields.join('')}`, exitOfProblem(type.replace(PROBLEM_BASE, '')));
}
