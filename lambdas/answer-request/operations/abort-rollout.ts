import { AbortBody } from '../../../contracts/api/rollout.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { commit } from '../../../domain/commit.ts';
import { keys } from '../../../domain/keys.ts';
import * as domain from '../../../domain/rollout/abort-rollout.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { refuseForeignTo } from '../caller/refuse-foreign.ts';
import { withEmergency } from '../caller/with-emergency.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { rolloutOf } from '../rollout-of.ts';

/** POST …/{rollout}/abort: 202; asking again changes nothing. */
export async function abortRollout(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now } = deps;
  const { principal } = call.caller;
  const { reason } = bodyOf(call, AbortBody);
  await refuseForeignTo(deps, call);
  const { answer, rollout } = await commit(table, patience, async () => {
    const rollout = await rolloutOf(deps, call);
    const events = await table.get(keys.events(rollout.id));
    if (events === undefined) throw new Error(`rollout ${rollout.id} has no history`);
    const by = nameOf(principal);
    const answer = domain.abortRollout({ rollout, events }, { by, reason: withEmergency(reason, principal) }, now());
    return { writes: answer.answer === 'asked' ? answer.writes : [], result: { answer, rollout } };
  });
  if (answer.answer === 'already-over') throw new Refused('already-over', answer.because);
  return { status: 202, body: { id: rollout.id, package: rollout.package, state: rollout.state } };
}
