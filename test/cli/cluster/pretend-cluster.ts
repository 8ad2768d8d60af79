/** A cluster in memory: its aws-auth with versions, its access entries, its grants, and what its administrator may do. */
import type { AwsAuthObject } from '../../../adapters/kube/aws-auth/aws-auth-object.ts';
import type { ConfigMap } from '../../../adapters/kube/aws-auth/config-map.ts';
import { awsAuthProposals } from '../../../adapters/kube/aws-auth/propose-change.ts';
import type { ClusterAdmin, ClusterReach } from '../../../cli/cluster/cluster-admin.ts';
import type { Ports } from '../../../cli/ports.ts';
import type { AccessEntry } from '../../../domain/aws-auth/access-entry.ts';
import type { Described } from '../../../domain/aws-auth/choose-way.ts';

export interface PretendCluster {
  /** Its mode, or what EKS says instead. */
  described: Described;
  configMap: ConfigMap | undefined;
  readonly entries: Map<string, AccessEntry>;
  readonly grants: Map<string, object | undefined>;
  /** Actions that are refused: `CreateAccessEntry`, `get`, `update`. */
  readonly mayNot: Set<string>;
  /** Called before each write: somebody else may be faster. */
  before: (writes: number) => void;
  readonly backups: string[];
  readonly reached: ClusterReach[];
  readonly port: Ports['clusterAdmin'];
}

const mode = (name: string): Described => ({ seen: 'mode', mode: name, account: '123456789012' });

export function pretendCluster(modeName = 'CONFIG_MAP', mapRoles?: string): PretendCluster {
  let writes = 0;
  const cluster: PretendCluster = {
    described: mode(modeName),
    configMap: mapRoles === undefined ? undefined : configMapOf(mapRoles),
    entries: new Map(),
    grants: new Map(),
    mayNot: new Set(),
    before: () => undefined,
    backups: [],
    reached: [],
    port: async (_flags, reach) => {
      cluster.reached.push(reach);
      return admin(cluster, () => cluster.before(++writes));
    },
  };
  return cluster;
}

let versions = 0;
/** Another version of the object, as any write makes it. */
export const configMapOf = (mapRoles: string): ConfigMap => ({
  metadata: { name: 'aws-auth', uid: 'u', resourceVersion: String(++versions) },
  data: { mapRoles },
});

function admin(cluster: PretendCluster, beforeWrite: () => void): ClusterAdmin {
  const { grants, backups } = cluster;
  const keep = async (name: string, text: string) => `${name}-${backups.push(text)}.yaml`;
  return {
    eks: eksOf(cluster, beforeWrite),
    awsAuth: awsAuthProposals(objectOf(cluster, beforeWrite), 'main', keep),
    grants: {
      list: async () => [...grants.keys()],
      grant: async (namespace, values) => {
        const chart = grants.has(namespace) ? 'upgraded' : 'installed';
        grants.set(namespace, values);
        return { chart };
      },
      revoke: async (namespace) => void grants.delete(namespace),
    },
  };
}

const denied = (because: string) => ({ written: false, raced: false, because }) as const;

function eksOf(cluster: PretendCluster, beforeWrite: () => void): ClusterAdmin['eks'] {
  const { entries, mayNot } = cluster;
  const allowed = (action: string) =>
    mayNot.has(action) ? denied(`you lack eks:${action} on cluster main`) : undefined;
  const write = async (action: string, does: () => boolean) => {
    const no = allowed(action);
    if (no !== undefined) return no;
    beforeWrite();
    return does() ? ({ written: true } as const) : ({ written: false, raced: true } as const);
  };
  return {
    describe: async () => cluster.described,
    read: async (arn) => allowed('DescribeAccessEntry') ?? { entry: entries.get(arn) },
    create: (entry) =>
      write(
        'CreateAccessEntry',
        () => !entries.has(entry.principalArn) && entries.set(entry.principalArn, entry) !== undefined,
      ),
    update: (entry) =>
      write(
        'UpdateAccessEntry',
        () => entries.has(entry.principalArn) && entries.set(entry.principalArn, entry) !== undefined,
      ),
    remove: (arn) => write('DeleteAccessEntry', () => entries.delete(arn)),
  };
}

function objectOf(cluster: PretendCluster, beforeWrite: () => void): AwsAuthObject {
  const words = (verb: string) =>
    `the user of kubeconfig context 'main' may not ${verb} configmap aws-auth in kube-system`;
  return {
    read: async () => (cluster.mayNot.has('get') ? denied(words('get')) : { found: cluster.configMap }),
    async write({ how, object }) {
      const verb = how === 'replace' ? 'update' : how;
      if (cluster.mayNot.has(verb)) return denied(words(verb));
      beforeWrite();
      const isThere = cluster.configMap !== undefined;
      const isSame = cluster.configMap?.metadata.resourceVersion === object.metadata.resourceVersion;
      if (how === 'create' ? isThere : !isSame) return { written: false, raced: true };
      const metadata = { ...object.metadata, resourceVersion: String(++versions) };
      cluster.configMap = how === 'delete' ? undefined : { ...object, metadata };
      return { written: true };
    },
  };
}
