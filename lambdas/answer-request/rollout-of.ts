import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys } from '../../domain/keys.ts';
import type { Call } from './call.ts';
import type { Deps } from './deps.ts';
import { Refused } from './refused.ts';

/** The rollout that the path names, read consistently; one of another package does not exist here. @throws Refused */
export async function rolloutOf({ table }: Pick<Deps, 'table'>, call: Call): Promise<RolloutItem> {
  const id =
    call.rollout === 'latest' ? (await table.rolloutsOf(call.package, { limit: 1 })).items[0]?.id : call.rollout;
  if (id === undefined) throw new Refused('not-found', `package ${call.package} has no rollouts yet`);
  const rollout = await table.get(keys.rollout(id));
  if (rollout === undefined || rollout.package !== call.package) {
    throw new Refused('not-found', `package ${call.package} has no rollout ${id}`);
  }
  return rollout;
}
