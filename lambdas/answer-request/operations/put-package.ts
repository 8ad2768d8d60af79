import { PackageBody } from '../../../contracts/api/package.ts';
import { commit } from '../../../domain/commit.ts';
import type { PackageItem } from '../../../domain/items/registry.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { nameOf } from '../../../domain/principal.ts';
import { movesPackage, registerPackage } from '../../../domain/register.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { packageView } from '../views.ts';
import { ifMatch, releasesOf } from '../write-registry.ts';

/** PUT /packages/{package}: 201 new, 200 changed or the same. */
export async function putPackage(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience } = deps;
  const wish = { item: toItem(deps, call), ifMatch: ifMatch(call) };
  const answer = await commit(table, patience, async () => {
    const [packages, environments, registry] = await Promise.all([
      table.query(ranges.packages()),
      table.query(ranges.environments()),
      table.get(keys.registry()),
    ]);
    const current = packages.find(({ name }) => name === call.package);
    const moves = movesPackage(current, wish.item);
    const names = environments.map(({ name }) => name);
    const [standing, open] = moves
      ? await Promise.all([releasesOf(table, call.package, names), table.query(ranges.open(call.package))])
      : [[], []];
    const result = registerPackage({ current, packages, environments, registry, standing, open }, wish);
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (!('item' in answer)) throw new Refused(answer.answer, answer.because);
  return { status: answer.answer === 'created' ? 201 : 200, body: packageView(answer.item) };
}

function toItem({ installation, now }: Deps, call: Call): Omit<PackageItem, 'rev'> {
  const { chart, release, stages, ...body } = bodyOf(call, PackageBody);
  return {
    type: 'package',
    v: 1,
    name: call.package,
    chart: chart ?? `${installation.chartRegistry}/${call.package}`,
    release: release ?? call.package,
    ...body,
    ...(stages !== undefined && { stages }),
    updatedAt: now().toISOString(),
    updatedBy: nameOf(call.caller.principal),
  };
}
