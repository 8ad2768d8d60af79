/**
 * A plan that was written and never recorded, since planning died: what is retried weeks later must not go to places that
 * packages and environments have left since.
 */
import { keys, ranges } from '../../domain/keys.ts';
import { placeId, placeOf } from '../../domain/registry/place.ts';
import type { FrozenPlan } from '../../domain/rollout/frozen-plan.ts';
import type { Table } from '../../domain/table.ts';

/** Why the plan holds no longer, if so. */
export async function movedSince(table: Pick<Table, 'get' | 'query'>, plan: FrozenPlan): Promise<string | undefined> {
  const [pkg, environments] = await Promise.all([
    table.get(keys.package(plan.package)),
    table.query(ranges.environments()),
  ]);
  if (pkg === undefined) return `package ${plan.package} left the registry since it was planned: start a new rollout`;
  const now = new Map(environments.map((environment) => [environment.name, placeId(placeOf(pkg, environment))]));
  const moved = plan.deployments.filter(({ environment, place }) => now.get(environment) !== placeId(place));
  if (moved.length === 0) return undefined;
  const names = moved.slice(0, 5).map(({ environment }) => environment);
  const more = moved.length > names.length ? ` and ${moved.length - names.length} more` : '';
  return `${names.join(', ')}${more} left the registry or has another place since it was planned: start a new rollout`;
}
