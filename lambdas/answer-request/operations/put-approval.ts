import { type ApprovalAnswer, ApprovalBody } from '../../../contracts/api/approval.ts';
import type { ProblemType } from '../../../contracts/api/problem.ts';
import * as domain from '../../../domain/approvals/give-approval.ts';
import { commit } from '../../../domain/commit.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { refuseForeignTo } from '../caller/refuse-foreign.ts';
import type { Deps } from '../deps.ts';
import { approvalView, gateView } from '../gate-views.ts';
import { Refused } from '../refused.ts';
import { rolloutOf } from '../rollout-of.ts';

/** PUT …/{rollout}/stages/{stage}/approval: 200, also when the same identity said the same before. */
export async function putApproval(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now } = deps;
  const { decision, reason, planDigest } = bodyOf(call, ApprovalBody);
  await refuseForeignTo(deps, call);
  const { principal, is } = call.caller;
  const given = { stage: call.stage, approver: { principal, is }, decision, reason, planDigest };
  const { seen, answer } = await commit(table, patience, async () => {
    const seen = await look(deps, call);
    const answer = domain.giveApproval(seen, given, now());
    return { writes: 'writes' in answer ? answer.writes : [], result: { seen, answer } };
  });
  if (!('writes' in answer)) throw new Refused(PROBLEM[answer.answer], answer.because);
  const { id, package: pkg } = seen.rollout;
  const approvals = [
    ...seen.approvals.filter((a) => a.identity !== answer.approval.identity || a.stage !== call.stage),
  ];
  const after = { ...seen, approvals: [...approvals, { ...answer.approval, rev: 1 }] };
  const gate = gateView(after, call.stage, now());
  if (gate === undefined) throw new Error(`rollout ${id} lost its gate of stage ${call.stage}`);
  const counts = answer.gate.counted.some(({ identity }) => identity === answer.approval.identity);
  const body: ApprovalAnswer = {
    id,
    package: pkg,
    stage: call.stage,
    approval: approvalView(answer.approval, counts),
    gate,
  };
  return { status: 200, body };
}

const PROBLEM = {
  'no-such-stage': 'not-found',
  'already-over': 'already-over',
  'not-theirs': 'forbidden',
  cannot: 'conflict',
} as const satisfies Record<string, ProblemType>;

async function look(deps: Deps, call: Call): Promise<domain.GivingSeen> {
  const { table } = deps;
  const rollout = await rolloutOf(deps, call);
  const [events, deployments, approvals, statuses] = await Promise.all([
    table.get(keys.events(rollout.id)),
    table.query(ranges.deployments(rollout.id)),
    table.query(ranges.approvals(rollout.id)),
    table.query(ranges.statuses(rollout.id)),
  ]);
  if (events === undefined) throw new Error(`rollout ${rollout.id} has no history`);
  return { rollout, events, deployments, approvals, statuses };
}
