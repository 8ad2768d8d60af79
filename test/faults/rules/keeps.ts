/** What is held, disabled, frozen, put under quarantine or not yet approved does not begin. */
import type { Change } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { ApprovalItem, FreezeItem } from '../../../domain/items/gates.ts';
import type { HoldItem } from '../../../domain/items/release.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { type Labels, matches } from '../../../domain/target.ts';
import { CLOCKS_DIFFER_MS, type WatchDeps, type Watcher } from '../watcher.ts';

const BEGIN_MS = 30_000;

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
    if (after?.type === 'freeze') freezes.set(name, after);
    if (after?.type === 'hold') noteHold(name, after);
    if (after?.type === 'quarantine') kept.set(name, after.because);
    if (after === undefined) forget(name);
  };

  const forget = (name: string) => {
    freezes.delete(name);
    kept.delete(name);
    ledOut.delete(name);
  };

  const noteHold = (name: string, { kind, reason }: HoldItem) => {
    if (kind === 'failed-rollback') ledOut.add(name);
    else ledOut.delete(name);
    kept.set(name, reason);
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
    if (rollout?.override === undefined) isThawed(labels, what);
    if (rollout !== undefined) isApproved(rollout, started, what);
  };

  /** *Begin* looks at freezes, and is at work for no longer than its function may be: what is put meanwhile comes too late. */
  const isThawed = (labels: Labels, what: string) => {
    const since = now().getTime() - BEGIN_MS - CLOCKS_DIFFER_MS;
    const freeze = [...freezes.values()].find(
      ({ target, window, at }) => window.is === 'until-lifted' && matches(target, labels) && Date.parse(at) < since,
    );
    if (freeze !== undefined) {
      broken('what is frozen does not begin', `${what} in spite of ${freeze.name}, put at ${freeze.at}`);
    }
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
