/** A stage's gate as the API shows it: what was said, by whom, and what is missing. */
import type { ApprovalView, GateView, StatusView } from '../../contracts/api/approval.ts';
import { whoMay } from '../../domain/approvals/judge-approver.ts';
import type { ApprovalItem, StatusItem } from '../../domain/items/gates.ts';
import { type GateSeen, gateSince, gateState, hasBegun } from '../../domain/rollout/rules/gate.ts';

/** Undefined for a stage without a gate. */
export function gateView(seen: GateSeen, stage: string, now: Date): GateView | undefined {
  const gate = seen.rollout.plan?.stages.find(({ name }) => name === stage)?.gate;
  if (gate === undefined) return undefined;
  const { open, because, counted } = gateState(seen, stage, gate, now);
  const since = gateSince(seen.rollout, stage);
  return {
    state: hasBegun(seen, stage) ? 'passed' : open ? 'open' : 'closed',
    because,
    approvals: gate.approvals,
    who: whoMay(gate),
    given: seen.approvals
      .filter((a) => a.stage === stage)
      .toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
      .map((a) => approvalView(a, counted.includes(a))),
    statuses: [...gate.statuses],
    reported: seen.statuses.filter(({ name }) => gate.statuses.includes(name)).map(statusView),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    hours: gate.hours,
  };
}

export function approvalView(item: Omit<ApprovalItem, 'rev'>, counts: boolean): ApprovalView {
  const { identity, by, decision, reason, breakGlass, at, until } = item;
  return {
    identity,
    by,
    decision,
    ...(reason !== undefined && { reason }),
    ...(breakGlass !== undefined && { breakGlass }),
    at,
    until,
    counts,
  };
}

export function statusView({ name, state, description, url, by, at }: Omit<StatusItem, 'rev'>): StatusView {
  return {
    name,
    state,
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
    by,
    at,
  };
}
