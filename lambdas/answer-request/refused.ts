import type { Problem, ProblemType } from '../../contracts/api/problem.ts';

/** A call that is refused: carries the problem up to the one place where problems meet HTTP (`handler.ts`). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly type: ProblemType;
  readonly errors: Problem['errors'];

  constructor(type: ProblemType, detail: string, errors?: Problem['errors']) {
    super(detail);
    this.type = type;
    this.errors = errors;
  }
}
