import type { EnvironmentView } from '../../contracts/api/environment.ts';
import { placeOf } from '../../domain/registry/place.ts';

/** The namespace that a package's `namespace` becomes in `environment`: with its suffix, if it has one. */
export function namespaceIn({ name, cluster, namespaceSuffix }: EnvironmentView, namespace: string): string {
  const { account, region } = cluster;
  const suffix = namespaceSuffix === undefined ? {} : { namespaceSuffix };
  const environment = { name, cluster: { name: cluster.name, account, region }, ...suffix };
  return placeOf({ name: namespace, namespace, release: namespace }, environment).namespace;
}
