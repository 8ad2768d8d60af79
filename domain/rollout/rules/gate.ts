/**
 * Is a stage's gate open? Counted are different identities that approved this very plan, lately enough, and are not who started the rollout; and statuses
 * that were reported as `success`. Judged only before the first deployment of the stage was sent off: what has begun needs nobody's leave any more.
 */
import { authorsOf, environmentIdentity, roleIdentity } from '../../approvals/identity.ts';
import { whoMay } from '../../approvals/judge-approver.ts';
import type { DeploymentItem } from '../../items/deployment.ts';
import type { ApprovalItem, StatusItem } from '../../items/gates.ts';
import type { Gate } from '../../items/registry.ts';
import type { PlannedStage, RolloutItem } from '../../items/rollout.ts';
import type { Decision } from '../decision.ts';

/** What a gate is judged by. */
export interface GateSeen {
  readonly rollout: RolloutItem;
  readonly deployments: readonly Pick<DeploymentItem, 'stage' | 'attempt' | 'state'>[];
  readonly approvals: readonly ApprovalItem[];
  readonly statuses: readonly StatusItem[];
}

export interface GateState {
  readonly open: boolean;
  /** What is there and what is missing: `1 of 2 approvals (ann); load-test pending`. */
  readonly because: string;
  /** The approvals that count now, one an identity. */
  readonly counted: readonly ApprovalItem[];
  /** How many approvals are missing. */
  readonly missing: number;
  /** Statuses that are not `success`. */
  readonly unmet: readonly string[];
}

const HOUR = 3_600_000;

/** How a gate stands. */
export function gateState(seen: GateSeen, stage: string, gate: Gate, now: Date): GateState {
  const counted = countedApprovals(seen, stage, gate, now);
  const missing = Math.max(0, gate.approvals - counted.length);
  const unmet = gate.statuses.filter((name) => stateOf(seen, name) !== 'success');
  const by = counted.length === 0 ? '' : ` (${counted.map((approval) => approval.by).join(', ')})`;
  const people = gate.approvals === 0 ? [] : [`${counted.length} of ${gate.approvals} approvals${by}`];
  const checks = gate.statuses.map((name) => `${name} ${stateOf(seen, name) ?? 'not reported'}`);
  return {
    open: missing === 0 && unmet.length === 0,
    because: [...people, ...checks].join('; '),
    counted,
    missing,
    unmet,
  };
}

/** The wait for a stage's gate, or its end when nobody opened it in time; nothing when it is open, or there is none. */
export function gated(seen: GateSeen, { name, gate, size }: PlannedStage, now: Date): Decision | undefined {
  if (gate === undefined || size === 0 || hasBegun(seen, name) || isDone(seen, name)) return undefined;
  const { open, because, missing, unmet } = gateState(seen, name, gate, now);
  if (open) return undefined;
  const { rollout } = seen;
  const until = (gateSince(rollout, name) ?? now.getTime()) + gate.hours * HOUR;
  if (until <= now.getTime()) {
    const late = `the gate of stage ${name} was not opened within ${gate.hours} hours: ${because}`;
    return { action: 'finish', state: 'failed', outcome: { code: 'gate-expired', because: late }, because: late };
  }
  const at = `${rollout.package} ${rollout.id}`;
  const people = missing === 0 ? [] : [`${whoMay(gate)}: fairlead approve ${at} ${name}`];
  const checks = unmet.map((status) => `whoever reports ${status}: fairlead report ${at} ${status} success`);
  return {
    action: 'wait',
    on: 'gate',
    stage: name,
    until: new Date(until).toISOString(),
    who: [...people, ...checks].join('; '),
    because: `stage ${name} waits for its gate: ${because}`,
  };
}

/** The end of a rollout that somebody refused, or whose check failed. Stages that have begun are past that. */
export function refused(seen: GateSeen): Decision | undefined {
  for (const { name, gate, size } of seen.rollout.plan?.stages ?? []) {
    if (gate === undefined || size === 0 || hasBegun(seen, name)) continue;
    const refusal = seen.approvals.find((a) => a.stage === name && a.decision === 'refuse' && isOfPlan(seen, a));
    if (refusal !== undefined) {
      const because = `stage ${name} was refused by ${refusal.by}: ${refusal.reason ?? 'no reason given'}`;
      return { action: 'finish', state: 'aborted', outcome: { code: 'refused', because }, because };
    }
    const failed = gate.statuses.find((status) => stateOf(seen, status) === 'failure');
    if (failed !== undefined) {
      const { by, description } = seen.statuses.find((status) => status.name === failed) ?? {};
      const because = `stage ${name} may not start: ${by} reported ${failed} as failed${description === undefined ? '' : `: ${description}`}`;
      return { action: 'finish', state: 'failed', outcome: { code: 'status-failed', because }, because };
    }
  }
  return undefined;
}

/** Whether anything of the stage was ever sent off. */
export function hasBegun({ rollout, deployments }: Pick<GateSeen, 'rollout' | 'deployments'>, stage: string): boolean {
  if (rollout.stages?.[stage]?.begunAt !== undefined) return true;
  return deployments.some((deployment) => deployment.stage === stage && deployment.attempt > 0);
}

/** Since when this gate is waited for, in milliseconds; a retry waits anew. */
export function gateSince(rollout: RolloutItem, stage: string): number | undefined {
  const since = rollout.stages?.[stage]?.gateSince;
  if (since === undefined || Date.parse(since) < placedAt(rollout)) return undefined;
  return Date.parse(since);
}

/** Nothing of it is left that could start. */
function isDone({ deployments }: GateSeen, stage: string): boolean {
  return deployments.every((deployment) => deployment.stage !== stage || deployment.state !== 'pending');
}

/**
 * One an identity. A role by whose session an approval of a proven environment came is not counted beside it: one job would be two.
 */
function countedApprovals(seen: GateSeen, stage: string, gate: Gate, now: Date): readonly ApprovalItem[] {
  const author = gate.authorMayApprove ? [] : authorsOf(seen.rollout);
  const standing = seen.approvals.filter(
    (approval) =>
      approval.stage === stage &&
      approval.decision === 'approve' &&
      isOfPlan(seen, approval) &&
      Date.parse(approval.until) > now.getTime() &&
      !author.includes(approval.identity) &&
      isListed(gate, approval),
  );
  const environments = standing.filter(({ identity, role }) => identity !== roleIdentity(role));
  const throughThem = new Set(environments.map(({ role }) => roleIdentity(role)));
  const counted = standing.filter(({ identity }) => !throughThem.has(identity));
  return [...new Map(counted.map((approval) => [approval.identity, approval])).values()];
}

/** Asked when it was given, and here again of what the plan froze. Which roles are operators' or approvers' only the API knows. */
function isListed({ approvers }: Gate, { identity, role, breakGlass }: ApprovalItem): boolean {
  if (identity !== roleIdentity(role)) {
    return approvers?.githubEnvironments.map(environmentIdentity).includes(identity) ?? false;
  }
  return approvers === undefined || breakGlass !== undefined || approvers.roles.includes(role);
}

/** What was reported of this plan; a failure from before a retry is to be reported anew. */
function stateOf(seen: GateSeen, name: string): StatusItem['state'] | undefined {
  const found = seen.statuses.find((status) => status.name === name && isOfPlan(seen, status));
  if (found?.state === 'failure' && Date.parse(found.at) < placedAt(seen.rollout)) return undefined;
  return found?.state;
}

const isOfPlan = ({ rollout }: GateSeen, { planDigest }: { readonly planDigest: string }) =>
  rollout.plan?.digest === planDigest;
/** When it got its place in the queue, in milliseconds: at its start or its last retry. */
export const placedAt = ({ placedAt, createdAt }: RolloutItem): number => Date.parse(placedAt ?? createdAt);
