/** What EKS says of a cluster, asked with the deployer's own rights. */
import {
  type Cluster,
  DescribeClusterCommand,
  type EKSClient,
  EKSServiceException,
  ResourceNotFoundException,
} from '@aws-sdk/client-eks';
import type { Described } from '../../domain/aws-auth/choose-way.ts';
import type { DescribeCluster } from '../../domain/inspection/sights.ts';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import { modeOf } from './authentication-mode.ts';

export type EksOf = (
  cluster: ClusterPlace,
) => Promise<{ readonly client: EKSClient } | { readonly client?: never; readonly because: string }>;

/** The port `DescribeCluster`. `eksOf` finds a client whose rights count in the cluster's account, or says why there is none. */
export function describeCluster(eksOf: EksOf): DescribeCluster {
  return async (place) => {
    const { name, region } = place;
    const eks = await eksOf(place);
    if (eks.client === undefined) return { seen: 'nothing', because: eks.because };
    try {
      const { cluster } = await eks.client.send(new DescribeClusterCommand({ name }));
      return { ...modeOf(cluster), isPrivate: cluster !== undefined && isPrivate(cluster) };
    } catch (error) {
      return unseen(`eks:DescribeCluster ${name} in ${region}`, error);
    }
  };
}

function isPrivate({ resourcesVpcConfig }: Cluster): boolean {
  const { endpointPublicAccess, endpointPrivateAccess } = resourcesVpcConfig ?? {};
  return endpointPrivateAccess === true && endpointPublicAccess === false;
}

/** @throws what is a mistake of ours */
function unseen(what: string, error: unknown): Described {
  if (error instanceof ResourceNotFoundException) {
    return { seen: 'not-found', because: `${what}: there is no such cluster` };
  }
  if (error instanceof EKSServiceException) return { seen: 'nothing', because: `${what} answered ${error.name}` };
  // The SDK's own words for a connection that did not come about.
  const isNetwork = error instanceof Error && ('code' in error || error.name === 'TimeoutError');
  if (isNetwork) return { seen: 'nothing', because: `${what}: no answer (${error.message || error.name})` };
  throw error;
}
