/** Who lives in a namespace already? Whoever comes into it may act as its service accounts, so it is not only releases that must not meet. */
import type { EnvironmentItem, PackageItem } from '../items/registry.ts';
import type { VerifiedClaims } from '../items/rollout.ts';
import { clusterId, placeOf } from '../registry/place.ts';

interface Registry {
  readonly packages: readonly PackageItem[];
  readonly environments: readonly EnvironmentItem[];
}

type Newcomer = Pick<PackageItem, 'name' | 'namespace' | 'release'>;

/** A package of somebody else's that shares a namespace with `newcomer`, in words; undefined when there is none. */
export function foreignNeighbour(
  newcomer: Newcomer,
  claims: VerifiedClaims,
  { packages, environments }: Registry,
): string | undefined {
  const landing = new Set(landingsOf(newcomer, environments));
  const found = packages.find(
    (other) =>
      other.name !== newcomer.name &&
      !isOwn(other, claims) &&
      // An environment that comes later brings both of one name together.
      (other.namespace === newcomer.namespace || landingsOf(other, environments).some((place) => landing.has(place))),
  );
  return found && `package ${found.name} of ${found.claimedBy?.repository ?? 'operators'}`;
}

/** Cluster and namespace, wherever the package may run. */
function landingsOf(pkg: Newcomer, environments: readonly EnvironmentItem[]): readonly string[] {
  return environments.map((environment) => {
    const { cluster, namespace } = placeOf(pkg, environment);
    return `${clusterId(cluster)} ${namespace}`;
  });
}

/** Claimed by the repository, or listing it. */
function isOwn({ claimedBy, repositories }: PackageItem, { repository, repositoryId }: VerifiedClaims): boolean {
  if (claimedBy !== undefined) return claimedBy.repositoryId === repositoryId;
  return repositories.some((listed) => listed.toLowerCase() === repository.toLowerCase());
}
