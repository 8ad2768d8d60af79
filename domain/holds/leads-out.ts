/**
 * Is this the way out of that hold? What failed and could not go back is held against automation; a person's rollback is
 * what it waits for, and when that ends well the hold has done its work. A person's own hold stays until it is lifted.
 */
import type { HoldItem } from '../items/release.ts';
import type { RolloutItem } from '../items/rollout.ts';

export function leadsOut({ rollback }: Pick<RolloutItem, 'rollback'>, { kind }: Pick<HoldItem, 'kind'>): boolean {
  return rollback !== undefined && kind === 'failed-rollback';
}
