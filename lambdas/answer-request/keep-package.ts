/** What operators' entries and claims of packages share: the registry's own rules, in one transaction. */
import { commit } from '../../domain/commit.ts';
import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { movesPackage, registerPackage } from '../../domain/registry/register.ts';
import type { Answer, Call } from './call.ts';
import type { Deps } from './deps.ts';
import { Refused } from './refused.ts';
import { packageView } from './views.ts';
import { ifMatch, releasesOf } from './write-registry.ts';

type Entry = Omit<PackageItem, 'rev'>;

/** Everything that is registered. */
interface Registry {
  readonly packages: readonly PackageItem[];
  readonly environments: readonly EnvironmentItem[];
}

/**
 * Puts the entry that `entryOf` makes of the one that stands there: 201 new, 200 changed or the same. `entryOf` is asked again when somebody else was faster.
 * @throws Refused
 */
export async function keepPackage(
  { table, patience }: Deps,
  call: Call,
  entryOf: (current: PackageItem | undefined, registry: Registry) => Entry,
): Promise<Answer> {
  const revision = ifMatch(call);
  const answer = await commit(table, patience, async () => {
    // First, and by itself: what is read after it and changes later raises the edition.
    const registry = await table.get(keys.registry());
    const [packages, environments] = await Promise.all([
      table.query(ranges.packages()),
      table.query(ranges.environments()),
    ]);
    const current = packages.find(({ name }) => name === call.package);
    const item = entryOf(current, { packages, environments });
    const names = environments.map(({ name }) => name);
    const [standing, open] = movesPackage(current, item)
      ? await Promise.all([releasesOf(table, call.package, names), table.query(ranges.open(call.package))])
      : [[], []];
    const seen = { current, packages, environments, registry, standing, open };
    const result = registerPackage(seen, { item, ifMatch: revision });
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (!('item' in answer)) throw new Refused(answer.answer, answer.because);
  return { status: answer.answer === 'created' ? 201 : 200, body: packageView(answer.item) };
}
