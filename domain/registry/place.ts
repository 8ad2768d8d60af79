/** Where a package lands in an environment. Two environments may never mean the same release. */

import type { Place } from '../items/deployment.ts';
import type { ClusterPlace, EnvironmentItem, PackageItem } from '../items/registry.ts';
import { type Key, keys } from '../keys.ts';

type PackagePlace = Pick<PackageItem, 'name' | 'namespace' | 'release'>;
type EnvironmentPlace = Pick<EnvironmentItem, 'name' | 'cluster' | 'namespaceSuffix'>;

/** The cluster, namespace and release that `pkg` has in `environment`. */
export function placeOf(pkg: PackagePlace, environment: EnvironmentPlace): Place {
  const { namespaceSuffix, cluster } = environment;
  const namespace = namespaceSuffix === undefined ? pkg.namespace : `${pkg.namespace}-${namespaceSuffix}`;
  return { cluster, namespace, release: pkg.release };
}

/** One text per cluster in the world: account, region and name. Used as part of lease keys. */
export function clusterId(cluster: Pick<ClusterPlace, 'name' | 'account' | 'region'>): string {
  return `${cluster.account}/${cluster.region}/${cluster.name}`;
}

/** One text per release in the world: cluster, namespace and release. */
export function placeId({ cluster, namespace, release }: Place): string {
  return `${clusterId(cluster)} ${namespace}/${release}`;
}

/** The lease that guards the release at `place`. */
export function leaseKey({ cluster, namespace, release }: Place): Key<'lease'> {
  return keys.lease(clusterId(cluster), namespace, release);
}

export interface Collision {
  readonly package: string;
  readonly otherPackage: string;
  readonly environment: string;
  readonly otherEnvironment: string;
  readonly place: string;
}

/** The first two package–environment pairs that would share a release, if any. */
export function findCollision(
  packages: readonly PackagePlace[],
  environments: readonly EnvironmentPlace[],
): Collision | undefined {
  const taken = new Map<string, { package: string; environment: string }>();
  for (const pkg of packages) {
    for (const environment of environments) {
      const place = placeId(placeOf(pkg, environment));
      const other = taken.get(place);
      if (other !== undefined) {
        return {
          package: pkg.name,
          otherPackage: other.package,
          environment: environment.name,
          otherEnvironment: other.environment,
          place,
        };
      }
      taken.set(place, { package: pkg.name, environment: environment.name });
    }
  }
  return undefined;
}
