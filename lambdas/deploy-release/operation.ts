/** An operation's end, written down; and the fence that helm works behind. */
import { commit } from '../../domain/commit.ts';
import { endOperation, mayWrite } from '../../domain/deployment/lease.ts';
import { type Told, tell } from '../../domain/deployment/tell.ts';
import { whyNotOurs } from '../../domain/deployment/whose-try.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { LeaseItem, ReleaseItem } from '../../domain/items/release.ts';
import { keys } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { whyTooLate } from '../../domain/release/apply-step.ts';
import type { Fence } from '../../domain/release/helm.ts';
import { type Changes, replace, type Write } from '../../domain/table.ts';
import type { Call, Deps } from './deps.ts';
import { claimedUntil } from './hard-end.ts';
import type { Hush } from './hush.ts';

/** One call at work on one deployment. */
export interface Work {
  readonly call: Call;
  /** As it was when the call began. */
  readonly deployment: DeploymentItem;
  readonly attempt: number;
  /** What it knows of secrets: its events speak hushed. */
  readonly hush: Hush;
}

type Needs = Pick<Deps, 'table' | 'patience' | 'now'>;

/** Where `keys.deployment` and the lease of `work` stand. */
export const placesOf = ({ deployment }: Pick<Work, 'deployment'>) => ({
  deployment: keys.deployment(deployment.rolloutId, deployment.environment),
  lease: leaseKey(deployment.place),
  release: keys.release(deployment.environment, deployment.package),
});

/** The fence with this number: it holds as long as the lease is ours, read consistently each time it is asked. */
export function fenceOf({ table, now }: Needs, work: Work, number: number): Fence {
  const { rolloutId, environment } = work.deployment;
  const me = { rolloutId, environment, attempt: work.attempt };
  const holds = async () => mayWrite(await table.get(placesOf(work).lease), me, number, now());
  return { number, hardEnd: work.call.hardEnd, holds };
}

/** What a claim of this call's says of itself. */
export function wished({ call }: Work, now: Date): Pick<Call, 'requestId' | 'hardEnd' | 'number'> {
  return { requestId: call.requestId, hardEnd: claimedUntil(call, now), number: call.number };
}

export interface Ended {
  readonly changes?: Changes<DeploymentItem>;
  readonly release?: Changes<ReleaseItem>;
  readonly event?: Omit<Told, 'at'>;
}

/**
 * Reports that this call's operation is over and, while the try is still ours, what became of the deployment: one
 * transaction. Answers why the try is not ours any more, if so; the operation is ended all the same.
 */
export function recordEnd(deps: Needs, work: Work, ended: Ended = {}): Promise<string | undefined> {
  const { table, patience, now } = deps;
  const places = placesOf(work);
  return commit(table, patience, async () => {
    const [deployment, lease, release] = await Promise.all([
      table.get(places.deployment),
      table.get(places.lease),
      ended.release === undefined ? undefined : table.get(places.release),
    ]);
    const at = now();
    const over = overWrites(work, lease, at);
    const lost = deployment === undefined ? 'the deployment is gone' : whyNotOurs(deployment, work.attempt, lease, at);
    if (lost !== undefined || deployment === undefined) return { writes: over, result: lost };
    const late = ended.changes?.state === 'observing' ? whyTooLate(deployment) : undefined;
    if (late !== undefined) return { writes: over, result: late };
    const known = release === undefined ? [] : [replace(places.release, release, ended.release ?? {})];
    return { writes: [...over, ...known, ...recorded(deployment, ended, at, work.hush)], result: undefined };
  });
}

function overWrites(work: Work, lease: LeaseItem | undefined, at: Date): Write[] {
  const over = lease === undefined ? undefined : endOperation(lease, work.call.requestId, at);
  return lease === undefined || over === undefined ? [] : [replace(placesOf(work).lease, lease, over)];
}

function recorded(deployment: DeploymentItem, { changes, event }: Ended, at: Date, { redact }: Hush): readonly Write[] {
  if (changes === undefined && event === undefined) return [];
  return tell(deployment, changes ?? {}, event === undefined ? [] : [{ ...event, text: redact(event.text), at }]);
}
