import type { AssignmentView } from '../../../contracts/api/fasit.ts';
import { RolloutId } from '../../../contracts/name.ts';
import { assignmentOf } from '../../../domain/fasit/assignment-of.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import type { Answer, Call } from '../call.ts';
import { claimsOf } from '../caller/token-caller.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { rolloutSummary } from '../views.ts';

/** GET /github/assignment/{id}: of the token's own repository; those of others do not exist here. */
export async function getAssignment(deps: Deps, call: Call): Promise<Answer> {
  const id = idOf(call);
  const { repositoryId } = claimsOf(call.caller);
  const seen = await look(deps, id);
  if (seen === undefined) {
    const body: AssignmentView = { id, state: 'UNKNOWN', reason: 'it cannot be read just now: ask again in a moment' };
    return { status: 200, body };
  }
  const { rollout, ...others } = seen;
  if (rollout?.principal.role !== 'token' || rollout.principal.claims?.repositoryId !== repositoryId) {
    throw new Refused('not-found', 'assignment does not exist');
  }
  const { console: url } = rolloutSummary(rollout, deps.installation);
  const body: AssignmentView = { id, ...assignmentOf({ rollout, ...others }), ...(url !== undefined && { url }) };
  return { status: 200, body };
}

/** fasit-deploy gives up at the first answer that is an error, and asks again after UNKNOWN: what cannot be read now is that. */
async function look({ table, log }: Deps, id: string) {
  try {
    const [rollout, deployments, wait] = await Promise.all([
      table.get(keys.rollout(id)),
      table.query(ranges.deployments(id)),
      table.get(keys.wait(id)),
    ]);
    return { rollout, deployments, wait };
  } catch (error) {
    log.error('assignment not read', { id, error });
    return undefined;
  }
}

/** @throws Refused */
function idOf({ request }: Call): string {
  const id = RolloutId.safeParse(request.pathParameters?.['id']);
  if (id.success) return id.data;
  throw new Refused('invalid-assignment-id', 'invalid assignment id');
}
