/** What stands in the table, in Parameter Store and in the clusters before anything is asked for. */
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import { keys } from '../../domain/keys.ts';
import { clusterId, leaseKey, placeOf } from '../../domain/registry/place.ts';
import type { Write } from '../../domain/table.ts';
import { aCluster, aLease, anEnvironment, aPackage, aRelease, NOW } from '../support/items.ts';
import type { SimCluster } from './cluster.ts';
import type { SimParameters } from './parameters.ts';
import { type Before, INSTALLED, type Scenario } from './scenario.ts';

export interface Stage {
  readonly table: MemoryTable;
  readonly parameters: SimParameters;
  readonly clusters: ReadonlyMap<string, SimCluster>;
}

export async function seedTable(scenario: Scenario, { table, parameters, clusters }: Stage): Promise<void> {
  const pkg = aPackage({ timeoutMinutes: 2 });
  const writes: Write[] = [{ do: 'put', key: keys.package(pkg.name), item: pkg, expect: 'any' }];
  for (const { name, cluster: clusterName, before } of scenario.environments) {
    const environment = anEnvironment({ name, labels: { name }, cluster: aCluster({ name: clusterName }) });
    writes.push({ do: 'put', key: keys.environment(name), item: environment, expect: 'any' });
    const cluster = clusters.get(clusterName);
    if (before !== 'nothing' && cluster !== undefined) writes.push(...installed(pkg, environment, before, cluster));
  }
  for (const [name, text] of Object.entries(scenario.layers)) parameters.put(name, text);
  await table.transact(writes);
}

/** A good first revision; after a restore the package's counter has forgotten how far it was. */
function installed(pkg: PackageItem, environment: EnvironmentItem, before: Before, cluster: SimCluster): Write[] {
  const place = placeOf(pkg, environment);
  const { namespace, release } = place;
  const labels = { 'fairlead.dev/fence': '1' };
  cluster.records.set(`${namespace}/${release}`, [
    { revision: 1, version: INSTALLED, labels, by: 'fence 1', at: NOW, status: 'deployed' },
  ]);
  cluster.live.set(`${namespace}/${release}`, { version: INSTALLED, appliedAt: NOW, createdAt: NOW });
  const item = aRelease({
    environment: environment.name,
    highestSequence: before === 'restored' ? 2 : 0,
    goodRevision: 1,
    liveRevision: 1,
  });
  const lease = aLease({ cluster: clusterId(place.cluster), namespace, release, fence: 1 });
  return [
    { do: 'put', key: keys.release(environment.name, pkg.name), item, expect: 'any' },
    { do: 'put', key: leaseKey(place), item: lease, expect: 'any' },
  ];
}
