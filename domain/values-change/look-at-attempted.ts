/** What was attempted last, where: the inputs that changed layers are compared with. */
import type { DeploymentItem } from '../items/deployment.ts';
import type { ReleaseItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import type { Table } from '../table.ts';

const AT_ONCE = 25;

/** The deployment that was begun last, by environment; those where the package was never begun are left out. */
export async function lookAtAttempted(
  table: Pick<Table, 'get'>,
  pkg: string,
  environments: readonly string[],
): Promise<ReadonlyMap<string, DeploymentItem>> {
  const found = new Map<string, DeploymentItem>();
  for (let from = 0; from < environments.length; from += AT_ONCE) {
    const some = environments.slice(from, from + AT_ONCE);
    const looked = await Promise.all(some.map((environment) => lookAt(table, pkg, environment)));
    for (const [i, environment] of some.entries()) {
      const attempted = looked[i];
      if (attempted !== undefined) found.set(environment, attempted);
    }
  }
  return found;
}

async function lookAt(table: Pick<Table, 'get'>, pkg: string, environment: string) {
  const release = await table.get(keys.release(environment, pkg));
  const rolloutId = release && attemptedOf(release);
  return rolloutId === undefined ? undefined : await table.get(keys.deployment(rolloutId, environment));
}

/** Releases that were written before `attempted` was say it in their other words. */
function attemptedOf({ attempted, underway, tried, rolloutId }: ReleaseItem): string | undefined {
  return attempted ?? underway?.rolloutId ?? tried?.rolloutId ?? rolloutId;
}
