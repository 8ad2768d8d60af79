/** One identity's word on one stage, written down together with its event; the changed rollout wakes whoever waits for it. */
import { nameOf } from '../callers/principal.ts';
import { append } from '../events.ts';
import type { ApprovalItem } from '../items/gates.ts';
import type { EventsItem } from '../items/history.ts';
import type { Gate } from '../items/registry.ts';
import { keys } from '../keys.ts';
import { type GateSeen, type GateState, gateState, hasBegun } from '../rollout/rules/gate.ts';
import { isOpen } from '../states.ts';
import { replace, type Write, write } from '../table.ts';
import { changerRoles } from '../values-change/changer-roles.ts';
import { type Approver, judgeApprover } from './judge-approver.ts';

export interface GivingSeen extends GateSeen {
  readonly events: EventsItem;
}

export interface Given {
  readonly stage: string;
  readonly approver: Approver;
  readonly decision: 'approve' | 'refuse';
  readonly reason?: string | undefined;
  /** Of the plan that the approver has looked at; not compared when absent. */
  readonly planDigest?: string | undefined;
}

export type GivingAnswer =
  | {
      /** `given-before`: the same identity had said the same, and nothing is written. */
      readonly answer: 'given' | 'given-before';
      readonly approval: Omit<ApprovalItem, 'rev'>;
      readonly gate: GateState;
      readonly writes: readonly Write[];
    }
  | { readonly answer: 'no-such-stage' | 'already-over' | 'not-theirs' | 'cannot'; readonly because: string };

/** Decides what becomes of an approval or a refusal. A refusal stays: the sessions of one role cannot take back each other's. */
export function giveApproval(seen: GivingSeen, given: Given, now: Date): GivingAnswer {
  const gate = gateToJudge(seen, given);
  if ('answer' in gate) return gate;
  const { rollout } = seen;
  const { stage, approver, decision } = given;
  const alsoBy = rollout.valuesChange === undefined ? [] : changerRoles(rollout.valuesChange);
  const judged = judgeApprover({ gate, author: rollout.principal, alsoBy, approver, decision });
  if (!judged.may) return { answer: 'not-theirs', because: judged.because };
  const before = seen.approvals.find((a) => a.stage === stage && a.identity === judged.identity);
  const standing = before?.planDigest === rollout.plan?.digest ? before : undefined;
  const refused = standing?.decision === 'refuse';
  if (refused && decision === 'approve') {
    return { answer: 'cannot', because: `${standing.by} has refused stage ${stage}: the rollout ends, start another` };
  }
  const said = standing?.decision === decision && (refused || Date.parse(standing.until) > now.getTime());
  const approval = said ? standing : itemOf(seen, given, { identity: judged.identity, gate, now });
  const others = seen.approvals.filter((other) => other !== before);
  const after = { ...seen, approvals: [...others, { ...approval, rev: 1 }] };
  return {
    answer: said ? 'given-before' : 'given',
    approval,
    gate: gateState(after, stage, gate, now),
    writes: said ? [] : writesOf(seen, before, approval),
  };
}

/** The gate that the word is about, when it is not too early or too late for one. */
function gateToJudge(
  seen: GivingSeen,
  { stage, decision, planDigest }: Given,
): Gate | Extract<GivingAnswer, { because: string }> {
  const { rollout } = seen;
  const cannot = (because: string) => ({ answer: 'cannot' as const, because });
  if (!isOpen(rollout.state))
    return { answer: 'already-over', because: `rollout ${rollout.id} is over: ${rollout.state}` };
  if (rollout.plan === undefined) return cannot(`rollout ${rollout.id} is not planned yet: try again in a moment`);
  const planned = rollout.plan.stages.find(({ name }) => name === stage);
  if (planned === undefined) {
    const names = rollout.plan.stages.map(({ name }) => name).join(', ');
    return { answer: 'no-such-stage', because: `rollout ${rollout.id} has no stage ${stage}: it has ${names}` };
  }
  if (planDigest !== undefined && planDigest !== rollout.plan.digest) {
    return cannot(
      `the plan of rollout ${rollout.id} is not the one that you looked at (${planDigest}): look at it again, it is ${rollout.plan.digest}`,
    );
  }
  if (planned.gate === undefined) return cannot(`stage ${stage} has no gate: it starts by itself`);
  if (planned.gate.approvals === 0 && decision === 'approve') {
    return cannot(`the gate of stage ${stage} asks for no approvals, only for ${planned.gate.statuses.join(', ')}`);
  }
  if (planned.size === 0) return cannot(`stage ${stage} has no environments: it is passed over`);
  if (hasBegun(seen, stage)) return cannot(`stage ${stage} has begun: 'abort' stops the line`);
  return planned.gate;
}

function itemOf(
  { rollout }: GivingSeen,
  { stage, approver: { principal }, decision, reason }: Given,
  { identity, gate, now }: { readonly identity: string; readonly gate: Gate; readonly now: Date },
): Omit<ApprovalItem, 'rev'> {
  const { breakGlass, role } = principal;
  return {
    type: 'approval',
    v: 1,
    rolloutId: rollout.id,
    stage,
    identity,
    role,
    ...(breakGlass !== undefined && { breakGlass }),
    decision,
    ...(reason !== undefined && { reason }),
    by: nameOf(principal),
    planDigest: rollout.plan?.digest ?? '',
    at: now.toISOString(),
    until: new Date(now.getTime() + gate.hours * 3_600_000).toISOString(),
  };
}

function writesOf({ rollout, events }: GivingSeen, before: ApprovalItem | undefined, item: Omit<ApprovalItem, 'rev'>) {
  const { stage, identity, decision, reason, breakGlass, by, at } = item;
  const why = reason === undefined ? '' : `: ${reason}`;
  const emergency = breakGlass === undefined ? '' : ` (BREAK-GLASS: ${breakGlass})`;
  const approves = decision === 'approve';
  const text = `stage ${stage} ${approves ? 'approved' : 'refused'} as ${identity}${why}${emergency}`;
  const kind = approves ? ('approval-given' as const) : ('approval-refused' as const);
  return [
    write(keys.approval(rollout.id, stage, identity), before, item),
    replace(keys.rollout(rollout.id), rollout, {}),
    ...append(rollout.id, events, [{ at, kind, text, by, stage }]),
  ];
}
