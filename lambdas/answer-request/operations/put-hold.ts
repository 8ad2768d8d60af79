import { HoldBody } from '../../../contracts/api/hold.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { commit } from '../../../domain/commit.ts';
import { holdPackage } from '../../../domain/holds/hold-package.ts';
import { keys } from '../../../domain/keys.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { withEmergency } from '../caller/with-emergency.ts';
import type { Deps } from '../deps.ts';
import { holdView } from '../hold-views.ts';
import { registeredPair } from '../registered-pair.ts';

/** PUT /environments/{environment}/packages/{package}/hold: 200, also when it is held so already. */
export async function putHold(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now } = deps;
  const { kind, reason } = bodyOf(call, HoldBody);
  const { principal } = call.caller;
  const wish = { kind, reason: withEmergency(reason, principal), by: nameOf(principal) };
  const hold = await commit(table, patience, async () => {
    const pair = await registeredPair(table, call);
    const hold = await table.get(keys.hold(call.environment, call.package));
    const answer = holdPackage({ ...pair, hold }, wish, now());
    return { writes: answer.writes, result: answer.hold };
  });
  return { status: 200, body: holdView(hold) };
}
