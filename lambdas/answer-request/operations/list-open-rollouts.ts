import { RolloutsQuery } from '../../../contracts/api/query.ts';
import { keys } from '../../../domain/keys.ts';
import { isOpen } from '../../../domain/states.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { rolloutSummary } from '../views.ts';

/** GET /rollouts: those that have not ended, oldest first; the index lists ended ones too that are not settled yet. */
export async function listOpenRollouts({ table, installation }: Deps, call: Call): Promise<Answer> {
  const { limit = 20, after } = queryOf(call, RolloutsQuery);
  const page = await table.openRollouts({ limit, ...(after !== undefined && { after }) });
  const open = page.items.filter(({ state }) => isOpen(state));
  const rollouts = await Promise.all(
    open.map(async (item) => rolloutSummary(item, installation, await table.get(keys.wait(item.id)))),
  );
  return { status: 200, body: { rollouts, ...(page.next !== undefined && { next: page.next }) } };
}
