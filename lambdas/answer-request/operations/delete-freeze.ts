import { FreezeLiftBody } from '../../../contracts/api/freeze.ts';
import { commit } from '../../../domain/commit.ts';
import { liftFreeze } from '../../../domain/freezes/put-freeze.ts';
import { keys } from '../../../domain/keys.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { ifMatch } from '../write-registry.ts';

/** DELETE /freezes/{freeze}: 204; what waited for its end goes on. */
export async function deleteFreeze({ table, patience }: Deps, call: Call): Promise<Answer> {
  // A body is only why, and that is the audit's.
  if ((call.request.body ?? '') !== '') bodyOf(call, FreezeLiftBody);
  const match = ifMatch(call);
  const answer = await commit(table, patience, async () => {
    const result = liftFreeze(call.freeze, await table.get(keys.freeze(call.freeze)), match);
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (answer.answer !== 'lifted') throw new Refused(answer.answer, answer.because);
  return { status: 204 };
}
