/** How does a plan end, by what its environments came to? */
import type { DiffState } from '../plan-diff/environment-diff.ts';
import type { PlanResult } from '../plan-diff/plan-result.ts';
import type { PlanEnd } from './end-plan.ts';

/**
 * `ready` as soon as one environment could be looked at: the others say what kept them. A plan nobody could look into is
 * `errored`, for it says nothing.
 */
export function whatItComesTo({ environments, digest }: Pick<PlanResult, 'environments' | 'digest'>): PlanEnd {
  const count = (state: DiffState) => environments.filter((one) => one.state === state).length;
  const [all, changed] = [environments.length, count('changes')];
  const troubles = [
    [count('blocked'), 'blocked'],
    [count('unreachable'), 'unreachable'],
    [count('errored'), 'not worked out'],
  ] as const;
  const trouble = troubles.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`]));
  const because = [`${changed} of ${all} environment${all === 1 ? '' : 's'} would change`, ...trouble].join(', ');
  const state = count('errored') === all ? 'errored' : 'ready';
  return { state, because, environments: all, changed, ...(state === 'ready' && { digest }) };
}
