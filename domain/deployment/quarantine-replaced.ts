/**
 * Why does a rollback hold? The inputs that it took the place of are quarantined there in the transaction that ends its
 * deployment well, so that whatever brings them again by itself is blocked until somebody lifts that, by name.
 */
import type { QuarantineItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import { create, unchanged, type Write } from '../table.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';
import { replacedBy } from './replaced-by.ts';

/** Nothing but the end of a rollback that went well quarantines what it replaced. */
export function quarantineReplaced(seen: DeploymentSeen, is: string, now: Date): Write[] {
  const { deployment, rollout } = seen;
  const { rollback } = rollout;
  if (rollback === undefined || (is !== 'ready' && is !== 'unchanged')) return [];
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
