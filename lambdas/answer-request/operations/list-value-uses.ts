import { keys, ranges } from '../../../domain/keys.ts';
import { tenantOf } from '../../../domain/values/feature/tenant-facts.ts';
import { type Standing, usesOf } from '../../../domain/values/feature/value-uses.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

const AT_ONCE = 25;

/** GET /environments/{environment}/values/{key}/uses: from what planned charts read, in all environments of the tenant. */
export async function listValueUses({ table }: Deps, { environment: name, key }: Call): Promise<Answer> {
  const environments = await table.query(ranges.environments());
  const environment = environments.find((one) => one.name === name);
  if (environment === undefined) throw new Refused('not-found', `environment ${name} is not registered`);
  const places = tenantOf(environment, environments).map((one) => one.name);
  const releases = await inParts(places, (place) => table.query(ranges.releases(place)));
  const standing = releases.flatMap(({ environment: place, package: pkg, version, state }): Standing[] =>
    version === undefined || state === 'absent' ? [] : [{ environment: place, package: pkg, version }],
  );
  const versions = new Map(standing.map((one) => [`${one.package} ${one.version}`, one]));
  const reads = await inParts([...versions.values()], async ({ package: pkg, version }) => {
    const found = await table.get(keys.chartReads(pkg, version));
    return found === undefined ? [] : [found];
  });
  return { status: 200, body: { environment: name, key, ...usesOf({ environment, key, standing, reads }) } };
}

async function inParts<T, R>(all: readonly T[], ask: (one: T) => Promise<readonly R[]>): Promise<R[]> {
  const found: R[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE) {
    found.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(ask))).flat());
  }
  return found;
}
