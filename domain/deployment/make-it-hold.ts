/**
 * Why does a rollback hold? The inputs that it took the place of are quarantined there in the transaction that ends its
 * deployment well, so that whatever brings them again by itself is blocked until somebody lifts that, by name.
 */
import { leadsOut } from '../holds/leads-out.ts';
import type { QuarantineItem } from '../items/release.ts';
import type { RollbackRequest } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { create, remove, unchanged, type Write } from '../table.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';
import { replacedBy } from './replaced-by.ts';

/** Nothing but the end of a rollback that went well quarantines what it replaced, and ends the hold that it led out of. */
export function makeItHold(seen: DeploymentSeen, is: string, now: Date): Write[] {
  const { rollback } = seen.rollout;
  if (rollback === undefined || (is !== 'ready' && is !== 'unchanged')) return [];
  return [...quarantineReplaced(seen, rollback, now), ...endHold(seen)];
}

function endHold({ deployment, rollout, hold }: DeploymentSeen): Write[] {
  if (hold === undefined || !leadsOut(rollout, hold)) return [];
  return [remove(keys.hold(deployment.environment, deployment.package), hold)];
}

function quarantineReplaced(seen: DeploymentSeen, rollback: RollbackRequest, now: Date): Write[] {
  const { deployment } = seen;
  const replaced = replacedBy(deployment, seen.release);
  if (replaced === undefined) return [];
  const { environment, package: pkg, rolloutId } = deployment;
  const { inputsDigest, version } = replaced;
  const key = keys.quarantine(environment, pkg, inputsDigest);
  if (seen.replaced !== undefined) return [unchanged(key, seen.replaced)];
  const item: Omit<QuarantineItem, 'rev'> = {
    type: 'quarantine',
    v: 1,
    package: pkg,
    environment,
    inputsDigest,
    version,
    rolloutId,
    because: `${version} was rolled back by ${rollback.by}: ${rollback.reason}`,
    at: now.toISOString(),
  };
  return [create(key, item)];
}
