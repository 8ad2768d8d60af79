import { NotDone } from '../../contracts/not-done.ts';
import { mayDo, type ResourceRight } from './access-review.ts';
import type { Carrier } from './kubectl-carrier.ts';

/** What the front does as the user: it speaks for deployers, and asks whether a deployer may act as a team. */
const NEEDED: readonly ResourceRight[] = [
  { verb: 'impersonate', resource: 'users', name: 'fairlead:any' },
  { verb: 'impersonate', resource: 'groups', name: 'fairlead:deployers' },
  { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
];

/** Sees that the user of `context` may do what the front does in their name. @throws NotDone naming all that is missing */
export async function requireRights(context: string, ask: Carrier['ask']): Promise<void> {
  const allowed = await Promise.all(NEEDED.map((right) => mayDo(ask, right)));
  const missing = NEEDED.filter((_, i) => !allowed[i]).map(({ verb, resource }) => `${verb} ${resource}`);
  if (missing.length === 0) return;
  throw new NotDone(
    `the user of context '${context}' may not ${missing.join(', ')}: take a context of a cluster administrator, for the local stack speaks for its deployers there`,
  );
}
