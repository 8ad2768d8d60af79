import { CLUSTER_FLAGS, type ClusterCall, clusterCall } from '../cluster/cluster-call.ts';
import { findWay } from '../cluster/find-way.ts';
import { disconnectByAwsAuth, disconnectByEntry } from '../cluster/mapping.ts';
import { namespaceIn } from '../cluster/namespace-in.ts';
import { askFor, type Carried, carryOut } from '../cluster/proposal.ts';
import type { Call, Command } from '../command.ts';
import { answer } from '../connect.ts';
import { Failed } from '../failure.ts';
import { checkedName, given, texts } from '../flags.ts';
import type { Ports } from '../ports.ts';

const EXIT_ERROR = 2;

export const clusterDisconnect: Command = {
  name: 'cluster disconnect',
  summary: 'Take back what cluster connect and cluster grant gave in a cluster',
  usage: 'ENVIRONMENT [--namespace N]… [--shared] [--yes|--dry-run]',
  flags: {
    namespace: {
      type: 'string',
      multiple: true,
      value: 'N',
      says: "of a shared cluster this namespace's grant, too; default: those of registered packages",
    },
    shared: { type: 'boolean', says: 'also when other environments reach the cluster by the same role' },
    ...CLUSTER_FLAGS,
  },
  examples: ['fairlead cluster disconnect prod-eu --dry-run', 'fairlead cluster disconnect prod-eu'],
  takes: [1, 1],

  async run(call, ports) {
    const named = texts(call.flags, 'namespace').map((namespace) => checkedName(namespace, 'namespace'));
    const cluster = await clusterCall(call, ports);
    const { environment, role } = cluster;
    const mappings = await unmap(call, ports, cluster);
    const namespaces = await revokeAll(call, ports, cluster, named);
    const found = { environment: environment.name, cluster: cluster.cluster, role, mappings, namespaces };
    const dry = given(call.flags, 'dry-run');
    answer(call, ports, found, () => [
      ...mappings.map(
        ({ way, outcome, because }) => `${TOLD[outcome]} ${role} in ${cluster.cluster} by ${way}: ${because}`,
      ),
      ...namespaces.map((namespace) => `${dry ? 'would take' : 'took'} the grant of ${namespace} away`),
    ]);
    return 0;
  },
};

const TOLD = {
  written: 'shut out',
  'would-write': 'would shut out',
  right: 'nothing to do for',
  kept: 'kept',
} as const;

interface Unmapped {
  readonly way: 'access entry' | 'aws-auth';
  readonly outcome: keyof typeof TOLD;
  readonly because: string;
  readonly backup?: string;
}

/** Both ways, where the cluster takes both: its mode may have been another when it was connected. The role goes only when nobody else needs it. */
async function unmap(call: Call, ports: Ports, cluster: ClusterCall): Promise<readonly Unmapped[]> {
  const way = await findWay(call, cluster);
  const { sharing } = cluster;
  if (sharing.length > 0 && !given(call.flags, 'shared')) {
    const because = `${sharing.map(({ name }) => name).join(', ')} reach the cluster by it, too; --shared shuts them out as well`;
    return [{ way: way.way === 'aws-auth' ? 'aws-auth' : 'access entry', outcome: 'kept', because }];
  }
  const done: Unmapped[] = [];
  if (way.way === 'access-entry')
    done.push(told('access entry', await carryOut(call, ports, disconnectByEntry(cluster))));
  if (way.way === 'aws-auth' || way.orAwsAuth)
    done.push(told('aws-auth', await carryOut(call, ports, disconnectByAwsAuth(cluster))));
  return done;
}

function told(way: Unmapped['way'], carried: Carried): Unmapped {
  if (carried.outcome === 'denied') throw new Failed(carried.because, EXIT_ERROR);
  const { outcome, because } = carried;
  return { way, outcome, because, ...('backup' in carried && { backup: carried.backup }) };
}

/** All grants of the cluster; of a shared one only those of this environment alone. */
async function revokeAll(
  call: Call,
  ports: Ports,
  cluster: ClusterCall,
  named: readonly string[],
): Promise<readonly string[]> {
  const standing = await cluster.admin.grants.list();
  const namespaces = standing.filter((namespace) => isOnlyHere(namespace, cluster, named));
  const left = standing.filter((namespace) => !namespaces.includes(namespace));
  if (left.length > 0) ports.terminal.err(`left the grants of ${left.join(', ')}: other environments may need them`);
  if (namespaces.length === 0 || given(call.flags, 'dry-run')) return namespaces;
  await askFor(call, ports, `Take the grants away in ${namespaces.join(', ')}?`);
  for (const namespace of namespaces) await cluster.admin.grants.revoke(namespace);
  return namespaces;
}

function isOnlyHere(
  namespace: string,
  { environment, sharing, namespaces }: ClusterCall,
  named: readonly string[],
): boolean {
  if (sharing.length === 0) return true;
  const among = (names: readonly string[], other: ClusterCall['environment']) =>
    names.some((name) => namespaceIn(other, name) === namespace);
  return among([...namespaces, ...named], environment) && !sharing.some((other) => among(namespaces, other));
}
