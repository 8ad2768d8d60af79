import type { Patience } from '../../domain/commit.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { MakePlanDeps } from './make-plan.ts';

/** What the stories of plans by themselves depend on. */
export interface PlanDeps extends MakePlanDeps {
  readonly patience: Patience;
  readonly now: Clock;
  readonly log: Log;
  /** ARN of a deployer's function, by the name that environments ask for. */
  readonly deployers: Readonly<Record<string, string>>;
}

/** An execution of a plan that is not in the table. */
export class PlanNotFound extends Error {
  override readonly name = 'PlanNotFound';
}
