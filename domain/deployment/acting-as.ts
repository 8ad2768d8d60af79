/**
 * As whom does helm act in the cluster? A package with a team acts as that service account of the namespace it lands
 * in, a platform package as Fairlead's platform account, any other as the deployer itself. Kubernetes gives the
 * account its groups when none are named (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/).
 */
import type { PackageItem } from '../items/registry.ts';

/** The account that platform packages act as; `charts/cluster-access` makes it with profile `platform`. */
export const PLATFORM_ACCOUNT: ServiceAccount = { namespace: 'fairlead-system', name: 'fairlead-platform' };

export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

const PREFIX = 'system:serviceaccount:';

/** The user name that the cluster knows the account by, for a package that lands in `namespace` (suffix included). */
export function actingAs({ team, profile }: Pick<PackageItem, 'team' | 'profile'>, namespace: string) {
  if (profile === 'platform') return userOf(PLATFORM_ACCOUNT);
  return team === undefined ? undefined : userOf({ namespace, name: team });
}

/**
 * As whom does the deployer look at what helm made? As itself: what became of a release must show even when its team's
 * rights are gone, and logs and events are nobody's to roll out with. What a platform package made may stand anywhere,
 * where the deployer itself may not look; so that it need not have the right to read every namespace, it looks as the
 * platform account.
 */
export function lookingAs(actAs: string | undefined): string | undefined {
  return actAs === userOf(PLATFORM_ACCOUNT) ? actAs : undefined;
}

/**
 * May logs of `namespace` be told as evidence? The deployer reads them as itself, and a release names also what helm was
 * refused to make: where a team has another one's workload in its chart, that one's logs are not the team's to read.
 * @param landsIn the namespace of the release
 */
export function mayHear(actAs: string | undefined, landsIn: string, namespace: string): boolean {
  return actAs === undefined || actAs === userOf(PLATFORM_ACCOUNT) || namespace === landsIn;
}

/** `system:serviceaccount:NAMESPACE:NAME` (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens). */
export function userOf({ namespace, name }: ServiceAccount): string {
  return `${PREFIX}${namespace}:${name}`;
}

/** The account behind such a name; undefined for any other user. */
export function accountOf(user: string): ServiceAccount | undefined {
  const [namespace, name, ...more] = user.startsWith(PREFIX) ? user.slice(PREFIX.length).split(':') : [];
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}
