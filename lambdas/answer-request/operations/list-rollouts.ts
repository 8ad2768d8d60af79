import { RolloutsQuery } from '../../../contracts/api/query.ts';
import { keys } from '../../../domain/keys.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { rolloutSummary } from '../views.ts';

/** GET /packages/{package}/rollouts: newest first. */
export async function listRollouts({ table, installation }: Deps, call: Call): Promise<Answer> {
  const { limit = 20, after } = queryOf(call, RolloutsQuery);
  const page = await table.rolloutsOf(call.package, { limit, ...(after !== undefined && { after }) });
  if (page.items.length === 0 && (await table.get(keys.package(call.package))) === undefined) {
    throw new Refused('not-found', `package ${call.package} is not registered`);
  }
  const rollouts = page.items.map((item) => rolloutSummary(item, installation));
  return { status: 200, body: { rollouts, ...(page.next !== undefined && { next: page.next }) } };
}
