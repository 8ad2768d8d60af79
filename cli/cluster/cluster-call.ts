/** What `cluster connect` and `cluster disconnect` have in common: their flags, and the cluster that they mean. */
import type { EnvironmentView } from '../../contracts/api/environment.ts';
import { clusterId } from '../../domain/registry/place.ts';
import { type Call, DESTINATION_FLAGS, type Flag } from '../command.ts';
import { connect } from '../connect.ts';
import { Failed } from '../failure.ts';
import { destinationOf, nameAt, roleOf, text } from '../flags.ts';
import type { Ports } from '../ports.ts';
import type { Mapping } from './mapping.ts';

export const CLUSTER_FLAGS = {
  kubeconfig: { type: 'string', value: 'FILE', says: 'your kubeconfig; default: KUBECONFIG, as for kubectl' },
  context: { type: 'string', value: 'C', says: 'its context; default: the one that means the cluster' },
  'cluster-profile': {
    type: 'string',
    value: 'NAME',
    says: "AWS profile that may see the cluster; default: the API call's credentials",
  },
  'kubeconfig-only': { type: 'boolean', says: 'do not ask EKS: the cluster reads aws-auth' },
  role: { type: 'string', value: 'ARN', says: "the role to let in; default: the environment's deployer's" },
  yes: { type: 'boolean', short: 'y', says: 'write without asking' },
  'dry-run': { type: 'boolean', says: 'show what would be written, and write nothing' },
  ...DESTINATION_FLAGS,
} as const satisfies Record<string, Flag>;

export interface ClusterCall extends Mapping {
  readonly environment: EnvironmentView;
  /** Other environments of the same cluster that the same role reaches. */
  readonly sharing: readonly EnvironmentView[];
  /** Namespaces of all registered packages, before any suffix. */
  readonly namespaces: readonly string[];
}

const EXIT_ERROR = 2;

/** Asks the API which cluster and role the environment means. @throws Refused when it is not registered. */
export async function clusterCall(call: Call, ports: Ports): Promise<ClusterCall> {
  const name = nameAt(call, 0, 'environment');
  const given = roleOf(call.flags);
  const api = await connect(call, ports);
  const [environment, { environments }, { packages }] = await Promise.all([
    api.environment(name),
    api.environments(),
    api.packages(),
  ]);
  const { cluster, deployerRole } = environment;
  const role = given ?? deployerRole;
  if (role === undefined) {
    throw new Failed(
      `this API does not say which role reaches ${name}: deploy it anew, or give --role ARN`,
      EXIT_ERROR,
    );
  }
  const admin = await ports.clusterAdmin(destinationOf(call), {
    cluster: { name: cluster.name, account: cluster.account, region: cluster.region },
    clusterProfile: text(call.flags, 'cluster-profile'),
    kubeconfig: text(call.flags, 'kubeconfig'),
    context: text(call.flags, 'context'),
  });
  const isSame = (other: EnvironmentView) =>
    other.name !== name && clusterId(other.cluster) === clusterId(cluster) && other.deployerRole === deployerRole;
  const namespaces = packages.map(({ namespace }) => namespace);
  const sharing = environments.filter(isSame);
  return { admin, cluster: cluster.name, role, deployerRole: deployerRole ?? role, environment, sharing, namespaces };
}
