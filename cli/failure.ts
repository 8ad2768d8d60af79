/** How a command ends when it cannot do what was asked: words for people, a number for programs. */

import { PROBLEM_BASE, type Problem } from '../contracts/api/problem.ts';
import { exitOfProblem } from '../contracts/outcome-table.ts';

/** The command line is off. Names the flag or argument, the wrong value and the fix. Exit code 6. */
export class WrongInvocation extends Error {
  override readonly name = 'WrongInvocation';
}

/** The API refused. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get exit(): number {
    return exitOfProblem(this.problem.type.replace(PROBLEM_BASE, ''));
  }

  /** The refusal and every field at fault, a line each. */
  get lines(): readonly string[] {
    const fields = (this.problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail}`);
    const { title, detail } = this.problem;
    return [`${title.charAt(0).toLowerCase()}${title.slice(1)}: ${detail}`, ...fields];
  }
}

/** Something else that the user can do something about. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly exit: number;

  constructor(message: string, exit: number) {
    super(message);
    this.exit = exit;
  }
}
