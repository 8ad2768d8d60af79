/** Is a deployment under way that nobody carries on any more? */
import type { DeploymentItem } from '../items/deployment.ts';
import type { Life } from '../ports.ts';
import { isInFlight } from '../states.ts';

/** An execution that ended has this long to have its end recorded, by itself or by EventBridge. */
const LAST_WORDS = 2 * 60_000;
/** After its deadline it has this long to record its end itself. */
export const GRACE = 60_000;

type Seen = Pick<DeploymentItem, 'state' | 'startedAt' | 'deadline'>;

/** Why it is to be given up, if so. `execution` is that of its attempt, where it was asked about. */
export function strandedDeployment(seen: Seen, execution: Life | undefined, now: Date): string | undefined {
  if (!isInFlight(seen.state)) return undefined;
  const { startedAt, deadline } = seen;
  if (deadline === undefined || Date.parse(deadline) + GRACE <= now.getTime()) {
    return 'it did not record an end before its deadline';
  }
  const begun = startedAt === undefined || now.getTime() - Date.parse(startedAt) >= LAST_WORDS;
  return execution === 'over' && begun ? 'its execution is over and has recorded no end' : undefined;
}
