import { FreezeBody } from '../../../contracts/api/freeze.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { commit } from '../../../domain/commit.ts';
import { putFreeze as judge } from '../../../domain/freezes/put-freeze.ts';
import { ranges } from '../../../domain/keys.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { withEmergency } from '../caller/with-emergency.ts';
import type { Deps } from '../deps.ts';
import { freezeView } from '../frozen-views.ts';
import { Refused } from '../refused.ts';
import { ifMatch } from '../write-registry.ts';

/** PUT /freezes/{freeze}: 201 new, 200 changed or the same. */
export async function putFreeze(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now, calendar, installation } = deps;
  const { principal } = call.caller;
  const body = bodyOf(call, FreezeBody);
  const reason = withEmergency(body.reason, principal);
  const wish = { ...body, reason, name: call.freeze, by: nameOf(principal), ifMatch: ifMatch(call) };
  const { rolePrefix } = installation;
  const roles = { operator: `${rolePrefix}operator`, breakGlass: `${rolePrefix}break-glass` };
  const answer = await commit(table, patience, async () => {
    const all = await table.query(ranges.freezes());
    const result = judge(all, wish, roles, { now: now(), calendar });
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (answer.answer === 'wrong') throw wrong(answer.faults);
  if (!('item' in answer)) throw new Refused(answer.answer, answer.because);
  return { status: answer.answer === 'created' ? 201 : 200, body: freezeView(answer.item, now(), calendar) };
}

function wrong(faults: readonly { readonly pointer: string; readonly because: string }[]): Refused {
  const errors = faults.map(({ pointer, because }) => ({ pointer, detail: because }));
  const [first] = errors;
  return new Refused('invalid', `the body: ${first?.pointer} ${first?.detail}`, errors);
}
