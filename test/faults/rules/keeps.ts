/** What is held, disabled, frozen, put under quarantine or not yet approved does not begin. */
import type { Change } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { ApprovalItem, FreezeItem } from '../../../domain/items/gates.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { matches } from '../../../domain/target.ts';
import { CLOCKS_DIFFER_MS, type WatchDeps, type Watcher } from '../watcher.ts';

export function watchKeeps({ broken, now }: WatchDeps): Watcher {
  const rollouts = new Map<string, RolloutItem>();
  const approvals = new Map<string, ApprovalItem>();
  const freezes = new Map<string, FreezeItem>();
  /** Held and quarantined, by what they keep from beginning. */
  const kept = new Map<string, string>();
  /** Holds of failed rollbacks: a person's rollback is the way out of them. */
  const ledOut = new Set<string>();
  const begun = new Set<string>();

  const note = ({ key, after }: Change) => {
    const name = `${key.pk} ${key.sk}`;
    if (after?.type === 'rollout') rollouts.set(after.id, after);
    if (after?.type === 'approval') approvals.set(name, after);
    if (key.type === 'freeze') change(freezes, name, after?.type === 'freeze' ? after : undefined);
    const reason = after?.type === 'hold' ? after.reason : after?.type === 'quarantine' ? after.because : undefined;
    if (after?.type === 'hold' && after.kind === 'failed-rollback') ledOut.add(name);
    else if (key.type === 'hold') ledOut.delete(name);
    if (key.type === 'hold' || key.type === 'quarantine') change(kept, name, reason);
  };

  const mayBegin = (started: DeploymentItem) => {
    const { environment, package: pkg, rolloutId, inputs, labels = {} } = started;
    const what = `${rolloutId} began in ${environment}`;
    const at = `ENVIRONMENT#${environment}`;
    const hold = `${at} HOLD#${pkg}`;
    const rollout = rollouts.get(rolloutId);
    const held = rollout?.rollback !== undefined && ledOut.has(hold) ? undefined : kept.get(hold);
    const why = held ?? kept.get(`${at} QUARANTINE#${pkg}#${inputs.digest}`);
    if (why !== undefined) broken('what is held or quarantined does not begin', `${what}: ${why}`);
    const freeze = [...freezes.values()].find(
      ({ target, window }) => window.is === 'until-lifted' && matches(target, labels),
    );
    if (freeze !== undefined && rollout?.override === undefined) {
      broken('what is frozen does not begin', `${what} in spite of ${freeze.name}, put at ${freeze.at}`);
    }
    if (rollout !== undefined) isApproved(rollout, started, what);
  };

  /** Approvals count when a stage begins; what has begun goes on. */
  const isApproved = ({ id, plan }: RolloutItem, { stage }: DeploymentItem, what: string) => {
    const gate = plan?.stages.find(({ name }) => name === stage)?.gate;
    if (gate === undefined || begun.has(`${id} ${stage}`)) return;
    begun.add(`${id} ${stage}`);
    const given = [...approvals.values()].filter(
      (one) =>
        one.rolloutId === id &&
        one.stage === stage &&
        one.decision === 'approve' &&
        one.planDigest === plan?.digest &&
        Date.parse(one.until) + CLOCKS_DIFFER_MS > now().getTime(),
    );
    if (given.length < gate.approvals)
      broken('what is not approved does not begin', `${what}: ${given.length} approvals`);
  };

  return {
    onChange(changes) {
      for (const change of changes) note(change);
      for (const { before, after } of changes) {
        if (before?.type !== 'deployment' || after?.type !== 'deployment') continue;
        if (before.state === 'pending' && after.state === 'applying') mayBegin(after);
      }
    },
  };
}

function change<T>(map: Map<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}
