import { type StatusAnswer, StatusBody } from '../../../contracts/api/approval.ts';
import { setStatus } from '../../../domain/approvals/set-status.ts';
import { commit } from '../../../domain/commit.ts';
import { keys } from '../../../domain/keys.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { refuseForeignTo } from '../caller/refuse-foreign.ts';
import type { Deps } from '../deps.ts';
import { statusView } from '../gate-views.ts';
import { Refused } from '../refused.ts';
import { rolloutOf } from '../rollout-of.ts';

/** PUT …/{rollout}/statuses/{status}: 200, also when the same was reported before. */
export async function putStatus(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now } = deps;
  const reported = { ...bodyOf(call, StatusBody), name: call.status, principal: call.caller.principal };
  await refuseForeignTo(deps, call);
  const { rollout, answer } = await commit(table, patience, async () => {
    const rollout = await rolloutOf(deps, call);
    const [events, status] = await Promise.all([
      table.get(keys.events(rollout.id)),
      table.get(keys.status(rollout.id, call.status)),
    ]);
    if (events === undefined) throw new Error(`rollout ${rollout.id} has no history`);
    const answer = setStatus({ rollout, events, status }, reported, now());
    return { writes: 'writes' in answer ? answer.writes : [], result: { rollout, answer } };
  });
  if (!('writes' in answer)) {
    throw new Refused(answer.answer === 'already-over' ? 'already-over' : 'conflict', answer.because);
  }
  const body: StatusAnswer = { id: rollout.id, package: rollout.package, status: statusView(answer.status) };
  return { status: 200, body };
}
