/** Why values cannot be had, as *Apply* answers it. */
import type { ApplyAnswer } from '../../../contracts/deployer.ts';
import type { OutcomeCode } from '../../../domain/outcome.ts';
import { blocked } from '../failures.ts';

export interface Trouble {
  readonly ok: false;
  readonly answer: Extract<ApplyAnswer, { outcome: 'blocked' | 'unreachable' | 'errored' }>;
}

/** What is not reachable is tried again; anything else blocks the deployment, which was not touched. */
export function trouble(code: OutcomeCode, because: string): Trouble {
  const answer = code === 'unreachable' ? { outcome: 'unreachable' as const, because } : blocked(code, because);
  return { ok: false, answer };
}
