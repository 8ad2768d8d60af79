/** Which ways to map a role does EKS offer for the cluster? */
import type { Described } from '../aws-auth/choose-way.ts';
import type { ClusterPlace } from '../items/registry.ts';
import { type Check, fail, ok, warn } from './check.ts';

const WAYS: Readonly<Record<string, string>> = {
  API: 'access entries',
  API_AND_CONFIG_MAP: 'access entries, or the ConfigMap aws-auth',
  CONFIG_MAP: 'the ConfigMap aws-auth',
};

/** https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html#authentication-modes */
export function judgeMode(environment: string, cluster: ClusterPlace, seen: Described): Check {
  const { name, account, region, endpoint } = cluster;
  if (seen.seen === 'mode') {
    const ways = WAYS[seen.mode];
    if (ways !== undefined) return ok('authentication-mode', `${seen.mode}: roles are mapped by ${ways}`);
    const fix = 'set it to API_AND_CONFIG_MAP with aws eks update-cluster-config';
    return fail('authentication-mode', `${seen.mode} is no mode that Fairlead knows`, fix);
  }
  const right = `allow the deployer eks:DescribeCluster on arn:aws:eks:${region}:${account}:cluster/${name}`;
  if (endpoint !== undefined) {
    if (seen.seen === 'not-found') {
      const says = `not one of EKS in ${region} of account ${account}: it is reached by the endpoint of its registry entry`;
      return ok('authentication-mode', says);
    }
    return warn('authentication-mode', `not known (${seen.because}): ${name} is registered with its endpoint`, right);
  }
  const register = `register environment ${environment} with the right cluster, or with endpoint and ca`;
  return fail('authentication-mode', seen.because, seen.seen === 'not-found' ? register : `${right}, or ${register}`);
}
