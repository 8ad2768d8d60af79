/** Everything that Begin and Finish judge by, read consistently. What is acted on is checked again by the write. */
import type { DeploymentItem } from '../items/deployment.ts';
import type { EventsItem } from '../items/history.ts';
import type { HoldItem, LeaseItem, QuarantineItem, ReleaseItem } from '../items/release.ts';
import type { RolloutItem } from '../items/rollout.ts';
import type { WaitItem } from '../items/waiting.ts';
import type { ItemType } from '../items.ts';
import { keys } from '../keys.ts';
import { leaseKey } from '../registry/place.ts';
import type { Conflict, Table } from '../table.ts';
import { replacedBy } from './replaced-by.ts';

export interface DeploymentSeen {
  readonly deployment: DeploymentItem;
  readonly rollout: RolloutItem;
  readonly events: EventsItem;
  readonly wait?: WaitItem | undefined;
  readonly hold?: HoldItem | undefined;
  readonly release?: ReleaseItem | undefined;
  readonly quarantine?: QuarantineItem | undefined;
  /** Of the inputs that a rollback takes the place of. */
  readonly replaced?: QuarantineItem | undefined;
  readonly lease?: LeaseItem | undefined;
}

/** A deployment without its rollout: items that are written together were not found together. A bug. */
export class DeploymentIncomplete extends Error {
  override readonly name = 'DeploymentIncomplete';
}

/**
 * Reads one deployment and all it depends on; nothing when there is no such deployment.
 * @throws DeploymentIncomplete when its rollout or the rollout's history is missing.
 */
export async function lookAtDeployment(
  table: Pick<Table, 'get'>,
  rolloutId: string,
  environment: string,
): Promise<DeploymentSeen | undefined> {
  const deployment = await table.get(keys.deployment(rolloutId, environment));
  if (deployment === undefined) return undefined;
  const { package: pkg, place, inputs } = deployment;
  const [rollout, wait, hold, release, quarantine, lease] = await Promise.all([
    table.get(keys.rollout(rolloutId)),
    table.get(keys.wait(rolloutId)),
    table.get(keys.hold(environment, pkg)),
    table.get(keys.release(environment, pkg)),
    table.get(keys.quarantine(environment, pkg, inputs.digest)),
    table.get(leaseKey(place)),
  ]);
  const gone = rollout?.rollback && replacedBy(deployment, release);
  const replaced = gone && (await table.get(keys.quarantine(environment, pkg, gone.inputsDigest)));
  // Last, for all siblings write it: the shorter it is ago, the likelier it still stands when we write.
  const events = await table.get(keys.events(rolloutId));
  if (rollout === undefined || events === undefined) {
    throw new DeploymentIncomplete(
      `rollout ${rolloutId} has a deployment into ${environment} but no record of its own`,
    );
  }
  return { deployment, rollout, events, wait, hold, release, quarantine, replaced, lease };
}

const HISTORY: readonly ItemType[] = ['events', 'event'];

/**
 * Looks at one deployment for `commit`, again and again. The history is what siblings contend for: when it was all that
 * stood in the way, only it is read again. Everything else is checked by the write, as it was seen.
 */
export function lookingAt(table: Pick<Table, 'get'>, rolloutId: string, environment: string) {
  let last: DeploymentSeen | undefined;
  return async (met: readonly Conflict[]): Promise<DeploymentSeen | undefined> => {
    const onlyHistory = met.length > 0 && met.every(({ key }) => HISTORY.includes(key.type));
    const events = onlyHistory ? await table.get(keys.events(rolloutId)) : undefined;
    if (last !== undefined && events !== undefined) last = { ...last, events };
    else last = await lookAtDeployment(table, rolloutId, environment);
    return last;
  };
}
