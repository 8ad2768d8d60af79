/**
 * Deployments made ready for another try, while their rollout is still over: nobody begins them before it has its new
 * place. Quarantines of exactly these inputs, and holds that this rollout's own failed rollbacks left, are lifted with them.
 */
import { append } from '../../events.ts';
import type { DeploymentItem } from '../../items/deployment.ts';
import type { EventsItem } from '../../items/history.ts';
import type { HoldItem, QuarantineItem } from '../../items/release.ts';
import type { RolloutItem } from '../../items/rollout.ts';
import { keys } from '../../keys.ts';
import { remove, replace, unchanged, type Write } from '../../table.ts';

/** One deployment, and what keeps its inputs out. */
export interface ResetSeen {
  readonly deployment: DeploymentItem;
  /** Of its inputs, there. */
  readonly quarantine?: QuarantineItem | undefined;
  readonly hold?: HoldItem | undefined;
}

/** Deployments a transaction: three writes each at most, three around them, and two of the call's own (its token, its line in the audit). */
export const MOST_RESET = 30;

/** Whether there is anything to do before this one can be tried again. */
export function needsReset({ rollout, ...seen }: ResetSeen & { readonly rollout: RolloutItem }): boolean {
  return !isFresh(seen.deployment) || seen.quarantine !== undefined || isOwn(seen.hold, rollout);
}

/** Whether nothing of an earlier try is left of it but its number. */
export function isFresh({ state, begun, attempt, lost, deferred, touched }: DeploymentItem): boolean {
  return state === 'pending' && begun === attempt && lost === 0 && deferred === undefined && touched === undefined;
}

/** The writes that reset `some`; they hold while the rollout is as it was seen. */
export function resetDeployments(
  { rollout, events }: { readonly rollout: RolloutItem; readonly events: EventsItem },
  some: readonly ResetSeen[],
  by: string,
  now: Date,
): Write[] {
  const quarantines = some.flatMap(({ quarantine }) => quarantine ?? []);
  const holds = some.flatMap(({ hold }) => (hold !== undefined && isOwn(hold, rollout) ? [hold] : []));
  const lifted = [
    ...line('quarantine', quarantines, 'the same inputs are tried again there'),
    ...line('hold after a failed rollback', holds, 'the release is tried again there'),
  ];
  const event = { at: now.toISOString(), kind: 'quarantine-lifted' as const, text: lifted.join('; '), by };
  return [
    unchanged(keys.rollout(rollout.id), rollout),
    ...some.map(({ deployment }) =>
      replace(keys.deployment(rollout.id, deployment.environment), deployment, {
        state: 'pending',
        // An execution of an earlier attempt that is late finds its attempt answered.
        begun: deployment.attempt,
        lost: 0,
        deferred: undefined,
        unreachableSince: undefined,
        touched: undefined,
        lookedAt: undefined,
        startedAt: undefined,
        deadline: undefined,
        observeUntil: undefined,
        revision: undefined,
        finishedAt: undefined,
        outcome: undefined,
        evidence: undefined,
      }),
    ),
    ...quarantines.map((item) => remove(keys.quarantine(item.environment, item.package, item.inputsDigest), item)),
    ...holds.map((item) => remove(keys.hold(item.environment, item.package), item)),
    ...(lifted.length === 0 ? [] : append(rollout.id, events, [event])),
  ];
}

/** Holds of people stay: who retries does not speak for them. */
function isOwn(hold: HoldItem | undefined, { id }: RolloutItem): boolean {
  return hold?.kind === 'failed-rollback' && hold.rolloutId === id;
}

function line(what: string, items: readonly { readonly environment: string }[], why: string): string[] {
  if (items.length === 0) return [];
  return [`${what} lifted in ${items.map(({ environment }) => environment).join(', ')}: ${why}`];
}
