/** Everything that Begin and Finish judge by, read consistently. What is acted on is checked again by the write. */
import type { DeploymentItem } from '../items/deployment.ts';
import type { FailuresItem } from '../items/history.ts';
import type { HoldItem, LeaseItem, QuarantineItem, ReleaseItem } from '../items/release.ts';
import type { RolloutItem } from '../items/rollout.ts';
import type { WaitItem } from '../items/waiting.ts';
import { keys } from '../keys.ts';
import { leaseKey } from '../registry/place.ts';
import type { Table } from '../table.ts';
import { replacedBy } from './replaced-by.ts';

export interface DeploymentSeen {
  readonly deployment: DeploymentItem;
  readonly rollout: RolloutItem;
  /** Deployments of its stage that have ended badly; none while absent. */
  readonly failures?: FailuresItem | undefined;
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
 * @throws DeploymentIncomplete when its rollout is missing.
 */
export async function lookAtDeployment(
  table: Pick<Table, 'get'>,
  rolloutId: string,
  environment: string,
): Promise<DeploymentSeen | undefined> {
  const deployment = await table.get(keys.deployment(rolloutId, environment));
  if (deployment === undefined) return undefined;
  const { package: pkg, place, inputs } = deployment;
  const [rollout, failures, wait, hold, release, quarantine, lease] = await Promise.all([
    table.get(keys.rollout(rolloutId)),
    table.get(keys.failures(rolloutId, deployment.stage)),
    table.get(keys.wait(rolloutId)),
    table.get(keys.hold(environment, pkg)),
    table.get(keys.release(environment, pkg)),
    table.get(keys.quarantine(environment, pkg, inputs.digest)),
    table.get(leaseKey(place)),
  ]);
  const gone = rollout?.rollback && replacedBy(deployment, release);
  const replaced = gone && (await table.get(keys.quarantine(environment, pkg, gone.inputsDigest)));
  if (rollout === undefined) {
    throw new DeploymentIncomplete(
      `rollout ${rolloutId} has a deployment into ${environment} but no record of its own`,
    );
  }
  return { deployment, rollout, failures, wait, hold, release, quarantine, replaced, lease };
}
