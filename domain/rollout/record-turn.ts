/** What a decision writes: attempts that are about to start, waits, and the handing over to a new run. */

import { append } from '../events.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { RolloutItem } from '../items/rollout.ts';
import type { WaitItem } from '../items/waiting.ts';
import { keys } from '../keys.ts';
import { type Changes, create, replace, unchanged, type Write, write } from '../table.ts';
import type { Turn } from './decide-next.ts';
import type { Decision } from './decision.ts';
import { endWait, joinFreezes, leaveFreezes } from './end-wait.ts';
import type { WholeRollout } from './look-at-rollout.ts';
import { gateSince } from './rules/gate.ts';
import { lostAttempts } from './stage-progress.ts';

type Deploy = Extract<Decision, { action: 'deploy' | 'look' }>;
type Wait = Extract<Decision, { action: 'wait' }>;

/** Raises `attempt` of each deployment, so that no two executions have one name. */
export function recordAttempts(seen: WholeRollout, decision: Deploy, now: Date): Write[] {
  const { stage, because } = decision;
  const deployments = chosen(seen, decision);
  const { rollout, wait } = seen;
  const first = seen.deployments.every((deployment) => deployment.stage !== stage || deployment.attempt === 0);
  const kind = decision.action === 'look' ? ('deployment-looked-at' as const) : ('stage-started' as const);
  const event = { at: now.toISOString(), kind, text: because, by: 'fairlead', stage };
  return [
    ...deployments.map((deployment) =>
      replace(keys.deployment(rollout.id, deployment.environment), deployment, {
        attempt: deployment.attempt + 1,
        lost: lostAttempts(deployment),
      }),
    ),
    running(rollout, first ? begunNow(rollout, stage, now) : undefined),
    ...endWait(rollout.id, wait),
    ...(first || decision.action === 'look' ? append(rollout.id, seen.events, [event]) : []),
  ];
}

/** The deployments that a decision means, as they were seen. */
export function chosen(
  { deployments }: Pick<WholeRollout, 'deployments'>,
  { environments }: Deploy,
): readonly DeploymentItem[] {
  const wanted = new Set(environments);
  return deployments.filter(({ environment }) => wanted.has(environment));
}

/** A stage's beginning changes the rollout, so that whoever says something about the gate meanwhile is told. */
function running(rollout: RolloutItem, begun: Changes<RolloutItem> | undefined): Write {
  const key = keys.rollout(rollout.id);
  if (rollout.state === 'running' && begun === undefined) return unchanged(key, rollout);
  return replace(key, rollout, { state: 'running', ...begun });
}

function begunNow({ stages }: RolloutItem, stage: string, now: Date): Changes<RolloutItem> {
  return { stages: { ...stages, [stage]: { ...stages?.[stage], begunAt: now.toISOString() } } };
}

/** A fresh execution takes over; the stream starts it. */
export function recordContinuation({ rollout, events }: WholeRollout, because: string, now: Date): Write[] {
  const [at, run] = [now.toISOString(), rollout.run + 1];
  return [
    replace(keys.rollout(rollout.id), rollout, { run }),
    create(keys.run(rollout.id, run), {
      type: 'run',
      v: 1,
      rolloutId: rollout.id,
      package: rollout.package,
      run,
      at,
      because,
    }),
    ...append(rollout.id, events, [{ at, kind: 'run-started', text: because, by: 'fairlead' }]),
  ];
}

/**
 * Stores who waits on what. The rollout's revision as it is after these writes goes with it: what changes the rollout
 * later has a higher one, and wakes.
 */
export function recordWait(seen: WholeRollout, turn: Turn, token: string, decision: Wait, now: Date): Write[] {
  const { rollout, wait, events } = seen;
  const { on, until, who, because, stage, behind } = decision;
  // Since when it waits on this; what is told of it may change meanwhile (one of two approvals came).
  const since = wait?.on === on && wait.stage === stage ? wait.since : now.toISOString();
  const told = wait?.on === on && wait.because === because;
  const changes = changesOfWait(rollout, decision, now);
  const item: Omit<WaitItem, 'rev'> = {
    type: 'wait',
    v: 1,
    rolloutId: rollout.id,
    package: rollout.package,
    ...turn,
    token,
    rolloutRev: rollout.rev + (changes === undefined ? 0 : 1),
    on,
    since,
    until,
    who,
    because,
    ...(stage !== undefined && { stage }),
    ...(behind !== undefined && { behind }),
  };
  const text = `waits on ${on}: ${because} (until ${until}; ended by: ${who})`;
  const event = { at: now.toISOString(), kind: 'rollout-waiting' as const, text, by: 'fairlead' };
  const key = keys.rollout(rollout.id);
  return [
    write(keys.wait(rollout.id), wait, item),
    ...(on === 'freeze' ? [joinFreezes(rollout.id)] : leaveFreezes(rollout.id, wait)),
    changes === undefined ? unchanged(key, rollout) : replace(key, rollout, changes),
    ...(told ? [] : append(rollout.id, events, [event])),
  ];
}

/** The rollout waits from now on, and its stage for its gate since now: a gate does not wait for ever. */
function changesOfWait(rollout: RolloutItem, { on, stage }: Wait, now: Date): Changes<RolloutItem> | undefined {
  const waits = on === 'gate' && stage !== undefined && gateSince(rollout, stage) === undefined;
  const record = waits && {
    stages: { ...rollout.stages, [stage]: { ...rollout.stages?.[stage], gateSince: now.toISOString() } },
  };
  if (rollout.state === 'waiting' && !record) return undefined;
  return { state: 'waiting', ...record };
}

/** Whether a later turn has stored its wait already: this one comes late and must not overwrite it. */
export function isLate(wait: WaitItem | undefined, { run, round }: Turn): boolean {
  return wait !== undefined && (wait.run > run || (wait.run === run && wait.round > round));
}
