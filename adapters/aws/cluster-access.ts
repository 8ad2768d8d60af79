/** Where a cluster's API server is, and how we prove there who we are. */
import { DescribeClusterCommand, type EKSClient, EKSServiceException } from '@aws-sdk/client-eks';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import { clusterId } from '../../domain/place.ts';
import type { Clock } from '../../domain/ports.ts';
import { type AwsCredentials, eksToken } from './eks-token.ts';

export interface ClusterConnection {
  /** https URL of the API server. */
  readonly server: string;
  /** PEM bundle that signs its certificate. */
  readonly ca: string;
  readonly token: () => Promise<string>;
}

export type ClusterAccess = (cluster: ClusterPlace) => Promise<ClusterAnswer>;
export type ClusterAnswer =
  | { readonly found: true; readonly connection: ClusterConnection }
  | { readonly found: false; readonly because: string };

export interface ClusterAccessProps {
  readonly eks: (region: string) => EKSClient;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly now: Clock;
}

/** DescribeCluster allows a few tens of calls per second and account; endpoints and CAs hardly ever change. */
const KEEP_MS = 10 * 60_000;

/** Endpoint and CA of the registry entry, else of `eks:DescribeCluster` (kept 10 minutes), with a token of our own. */
export function clusterAccess({ eks, credentials, now }: ClusterAccessProps): ClusterAccess {
  const asked = new Map<string, { readonly at: number; readonly server: string; readonly ca: string }>();
  const tokens = new Map<string, () => Promise<string>>();

  const tokenOf = (cluster: ClusterPlace) => {
    const id = clusterId(cluster);
    const token = tokens.get(id) ?? eksToken({ cluster: cluster.name, region: cluster.region, credentials, now });
    tokens.set(id, token);
    return token;
  };

  const ask = async (cluster: ClusterPlace): Promise<ClusterAnswer> => {
    const kept = asked.get(clusterId(cluster));
    if (kept !== undefined && now().getTime() - kept.at < KEEP_MS) {
      return { found: true, connection: { server: kept.server, ca: kept.ca, token: tokenOf(cluster) } };
    }
    const described = await describe(eks(cluster.region), cluster);
    if ('because' in described) return { found: false, because: described.because };
    asked.set(clusterId(cluster), { at: now().getTime(), ...described });
    return { found: true, connection: { ...described, token: tokenOf(cluster) } };
  };

  return async (cluster) => {
    const { endpoint, ca } = cluster;
    if (endpoint === undefined || ca === undefined) return ask(cluster);
    return { found: true, connection: { server: endpoint, ca: pemOf(ca), token: tokenOf(cluster) } };
  };
}

async function describe(client: EKSClient, { name, region }: ClusterPlace) {
  try {
    const { cluster } = await client.send(new DescribeClusterCommand({ name }));
    const [server, ca] = [cluster?.endpoint, cluster?.certificateAuthority?.data];
    if (server === undefined || ca === undefined) {
      return { because: `EKS cluster ${name} in ${region} is ${cluster?.status ?? 'unknown'} and has no endpoint yet` };
    }
    return { server, ca: pemOf(ca) };
  } catch (error) {
    if (!(error instanceof EKSServiceException)) throw error;
    return {
      because: `eks:DescribeCluster ${name} in ${region} answered ${error.name}: register the environment with endpoint and ca, or allow the deployer to describe the cluster`,
    };
  }
}

const pemOf = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
