import { PLATFORM_ACCOUNT } from '../../domain/deployment/acting-as.ts';
import { CLUSTER_FLAGS, type ClusterCall, clusterCall } from '../cluster/cluster-call.ts';
import { findWay } from '../cluster/find-way.ts';
import { connectByAwsAuth, connectByEntry } from '../cluster/mapping.ts';
import { namespaceIn } from '../cluster/namespace-in.ts';
import { askFor, type Carried, carryOut } from '../cluster/proposal.ts';
import type { Call, Command } from '../command.ts';
import { answer } from '../connect.ts';
import { Failed } from '../failure.ts';
import { checkedName, given, texts } from '../flags.ts';
import type { Ports } from '../ports.ts';

const EXIT_ERROR = 2;

export const clusterConnect: Command = {
  name: 'cluster connect',
  summary: "Let an environment's deployer into its cluster, by an access entry or aws-auth",
  usage: 'ENVIRONMENT [--namespace N]… [--platform] [--yes|--dry-run]',
  flags: {
    namespace: {
      type: 'string',
      multiple: true,
      value: 'N',
      says: "grant this namespace, too, as 'cluster grant' does",
    },
    platform: { type: 'boolean', says: 'let platform packages act as an account that equals cluster-admin, too' },
    ...CLUSTER_FLAGS,
  },
  examples: [
    'fairlead cluster connect prod-eu --dry-run',
    'fairlead cluster connect prod-eu --namespace web',
    'fairlead cluster connect prod-eu --kubeconfig-only --context admin@prod-eu --yes --json',
  ],
  takes: [1, 1],

  async run(call, ports) {
    const wanted = texts(call.flags, 'namespace').map((namespace) => checkedName(namespace, 'namespace'));
    const cluster = await clusterCall(call, ports);
    const [way, mapping] = await map(call, ports, cluster);
    const namespaces = await grantAll(call, ports, cluster, wanted);
    const { environment, role } = cluster;
    const found = { environment: environment.name, cluster: cluster.cluster, role, way, mapping, namespaces };
    answer(call, ports, found, () => [
      `${TOLD[mapping.outcome]} ${role} in ${cluster.cluster} by ${way}: ${mapping.because}`,
      ...namespaces.map(({ namespace, chart }) => `granted ${namespace}: chart ${chart}`),
    ]);
    return 0;
  },
};

const TOLD = {
  written: 'let in',
  'would-write': 'would let in',
  right: 'nothing to do for',
  denied: 'denied',
} as const;

/** Access entry first; a cluster that takes both is told by aws-auth when only that is allowed. */
async function map(call: Call, ports: Ports, cluster: ClusterCall): Promise<['access entry' | 'aws-auth', Carried]> {
  const way = await findWay(call, cluster);
  ports.terminal.err(
    `cluster ${cluster.cluster}: ${way.because}, so by ${way.way === 'aws-auth' ? way.way : 'access entry'}`,
  );
  if (way.way === 'aws-auth') {
    const mapped = await carryOut(call, ports, connectByAwsAuth(cluster, way.mayCreate));
    if (mapped.outcome === 'denied') throw new Failed(mapped.because, EXIT_ERROR);
    return ['aws-auth', mapped];
  }
  const byEntry = await carryOut(call, ports, connectByEntry(cluster));
  if (byEntry.outcome !== 'denied') return ['access entry', byEntry];
  if (!way.orAwsAuth) throw new Failed(byEntry.because, EXIT_ERROR);
  ports.terminal.err(`${byEntry.because}: trying aws-auth, which the cluster reads as well`);
  const byAwsAuth = await carryOut(call, ports, connectByAwsAuth(cluster, true));
  if (byAwsAuth.outcome !== 'denied') return ['aws-auth', byAwsAuth];
  throw new Failed(`neither way is open to you: ${byEntry.because}; and ${byAwsAuth.because}`, EXIT_ERROR);
}

/** One after the other: two helms at once in one namespace would get in each other's way. */
async function grantAll(call: Call, ports: Ports, { admin, environment }: ClusterCall, wanted: readonly string[]) {
  const dry = given(call.flags, 'dry-run');
  const granted: { namespace: string; chart: string }[] = [];
  for (const namespace of new Set(wanted.map((name) => namespaceIn(environment, name)))) {
    const { chart } = dry ? { chart: 'not installed (dry run)' } : await admin.grants.grant(namespace);
    granted.push({ namespace, chart });
  }
  if (!given(call.flags, 'platform')) return granted;
  const { namespace } = PLATFORM_ACCOUNT;
  if (dry) return [...granted, { namespace, chart: 'not installed (dry run)' }];
  await askFor(call, ports, `Let Fairlead act as an account of ${namespace} that equals cluster-admin?`);
  const { chart } = await admin.grants.grant(namespace, { profile: 'platform' });
  return [...granted, { namespace, chart }];
}
