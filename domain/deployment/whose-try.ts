/** Is the try that a call belongs to still the one at hand? */
import type { DeploymentItem } from '../items/deployment.ts';
import type { LeaseItem } from '../items/release.ts';
import { isInFlight } from '../states.ts';
import { whyNotHolder } from './lease.ts';

/** Why this call has nothing more to do: another try is at hand, the deployment is over, or the lease is not ours. */
export function whyNotOurs(
  deployment: DeploymentItem,
  attempt: number,
  lease: LeaseItem | undefined,
  now: Date,
): string | undefined {
  const { rolloutId, environment, state } = deployment;
  if (deployment.attempt !== attempt) return `try ${deployment.attempt} is at hand, not ${attempt}`;
  if (!isInFlight(state)) return `the deployment is ${state}`;
  return whyNotHolder(lease, { rolloutId, environment, attempt }, now);
}
