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

/** Older clusters know nothing but aws-auth (https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html#authentication-modes). */
const MODE_WITHOUT_SAYING = 'CONFIG_MAP';

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
      return modeOf(cluster);
    } catch (error) {
      return unseen(`eks:DescribeCluster ${name} in ${region}`, error);
    }
  };
}

function modeOf(cluster: Cluster | undefined): Awaited<ReturnType<DescribeCluster>> {
  const { endpointPublicAccess, endpointPrivateAccess } = cluster?.resourcesVpcConfig ?? {};
  const mode = cluster?.accessConfig?.authenticationMode ?? MODE_WITHOUT_SAYING;
  const isPrivate = endpointPrivateAccess === true && endpointPublicAccess === false;
  return { seen: 'mode', mode, account: cluster?.arn?.split(':')[4], isPrivate };
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
