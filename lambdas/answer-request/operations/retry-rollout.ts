import { RetryBody } from '../../../contracts/api/retry.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { RetryRefusal } from '../../../domain/rollout/retry/judge-retry.ts';
import type { RetryAsked } from '../../../domain/rollout/retry/place-again.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { overrideOf } from '../caller/override-of.ts';
import { refuseForeignTo } from '../caller/refuse-foreign.ts';
import { withEmergency } from '../caller/with-emergency.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { judge, place, reset } from '../retry.ts';
import { rolloutOf } from '../rollout-of.ts';

const MOST_TURNS = 5;

/**
 * POST …/{rollout}/retry: 202 with a new run of the same rollout. First its deployments are reset, some at a time, while it
 * is still over; then it gets its place. Whoever dies in between leaves a rollout that can be retried.
 */
export async function retryRollout(deps: Deps, call: Call): Promise<Answer> {
  const { reason, overrideFreeze } = bodyOf(call, RetryBody);
  await refuseForeignTo(deps, call);
  const { id } = await rolloutOf(deps, call);
  const { principal } = call.caller;
  // What a person rolled back from stays out until a person says otherwise: a pipeline that retries is none.
  const lifts = call.caller.is === 'operator' || call.caller.is === 'break-glass' ? 'all' : 'own';
  const asked: RetryAsked = {
    by: nameOf(principal),
    reason: withEmergency(reason, principal),
    override: overrideOf(call, overrideFreeze, deps.now()),
  };
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    const verdict = await judge(deps, id, asked);
    if (verdict.answer !== 'goes') throw refusalOf(verdict);
    await reset(deps, id, verdict.again.map(nameOfDeployment), { by: asked.by, lifts });
    const placed = await place(deps, id, asked);
    // Something came to it between the resets and the place: it is looked at again.
    if (placed.answer === 'unready') continue;
    if (placed.answer !== 'placed') throw refusalOf(placed);
    const { rollout, environments, after } = placed;
    const body = { id, package: rollout.package, state: 'accepted', run: rollout.run + 1, environments, after };
    return { status: 202, body };
  }
  throw new Refused('unavailable', `rollout ${id} keeps changing while it is made ready: retry it again in a moment`);
}

const nameOfDeployment = ({ environment }: DeploymentItem) => environment;

function refusalOf({ answer, because }: { answer: RetryRefusal['answer']; because: string }): Refused {
  const types = {
    conflict: 'conflict',
    occupied: 'queue-occupied',
    'too-many': 'too-many-requests',
    forbidden: 'forbidden',
  } as const;
  return new Refused(types[answer], because);
}
