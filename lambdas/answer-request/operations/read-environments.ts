import { EnvironmentsQuery } from '../../../contracts/api/query.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { matches } from '../../../domain/target.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { holdView, quarantineView } from '../hold-views.ts';
import { Refused } from '../refused.ts';
import { environmentView, releaseView } from '../views.ts';

/** GET /environments?label=k=v */
export async function listEnvironments({ table, installation }: Deps, call: Call): Promise<Answer> {
  const { label = [] } = queryOf(call, EnvironmentsQuery);
  const pairs = label.map((text) => text.split('=')).map(([key = '', value = '']) => ({ [key]: value }));
  const environments = await table.query(ranges.environments());
  const found = environments.filter(({ labels }) => pairs.every((pair) => matches(pair, labels)));
  return { status: 200, body: { environments: found.map((item) => environmentView(item, installation)) } };
}

/** GET /environments/{environment} */
export async function getEnvironment({ table, installation }: Deps, call: Call): Promise<Answer> {
  const found = await table.get(keys.environment(call.environment));
  if (found === undefined) throw notRegistered(call);
  return { status: 200, body: environmentView(found, installation) };
}

/** GET /environments/{environment}/packages: what stands there, and what is kept from moving. */
export async function listReleases({ table }: Deps, call: Call): Promise<Answer> {
  const [found, releases, holds, quarantines] = await Promise.all([
    table.get(keys.environment(call.environment)),
    table.query(ranges.releases(call.environment)),
    table.query(ranges.holds(call.environment)),
    table.query(ranges.quarantines(call.environment)),
  ]);
  if (found === undefined) throw notRegistered(call);
  const standing = { holds: holds.map(holdView), quarantines: quarantines.map(quarantineView) };
  return { status: 200, body: { releases: releases.map(releaseView), ...standing } };
}

const notRegistered = ({ environment }: Call) =>
  new Refused('not-found', `environment ${environment} is not registered`);
