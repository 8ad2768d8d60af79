/** The exit code of a plan: whether a rollout of it would get through, as far as can be known. */
import type { PlanView } from './api/plan.ts';
import { EXIT, EXIT_OF_OUTCOME } from './outcome-table.ts';

type Judged = Pick<PlanView, 'state' | 'code' | 'result'>;

/**
 * 0 also when much would change. Where environments are blocked it is 8 when all of it is about values or templates, for
 * then their author has to act, else 1; where none is, 5 when some could not be reached and 2 when we did not find out.
 */
export function exitOfPlan({ state, code, result }: Judged): number {
  if (state === 'working') return EXIT.timeout;
  if (state === 'refused') return (code && EXIT_OF_OUTCOME[code]) ?? EXIT.failure;
  if (state === 'errored' || result === undefined) return state === 'ready' ? EXIT.success : EXIT.error;
  const states = new Set(result.environments.map((one) => one.state));
  if (states.has('blocked')) return onlyValues(result) ? EXIT['values or template'] : EXIT.failure;
  if (states.has('unreachable')) return EXIT.unavailable;
  return states.has('errored') ? EXIT.error : EXIT.success;
}

function onlyValues({ problems }: NonNullable<Judged['result']>): boolean {
  const blocking = problems.filter(({ blocks }) => blocks);
  const isOfValues = ({ code, outcome }: (typeof blocking)[number]) =>
    outcome === undefined ? code === 'values' : EXIT_OF_OUTCOME[outcome] === EXIT['values or template'];
  return blocking.length > 0 && blocking.every(isOfValues);
}
