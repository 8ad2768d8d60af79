import { chooseWay, type Way } from '../../domain/aws-auth/choose-way.ts';
import type { Call } from '../command.ts';
import { Failed } from '../failure.ts';
import { given } from '../flags.ts';
import type { ClusterCall } from './cluster-call.ts';

const EXIT_ERROR = 2;

/** Asks EKS by which way the cluster can be told of a role. @throws Failed when by none, saying which right is missing. */
export async function findWay(call: Call, { admin, environment }: ClusterCall): Promise<Exclude<Way, { way: 'none' }>> {
  const { cluster } = environment;
  const described = given(call.flags, 'kubeconfig-only') ? undefined : await admin.eks.describe();
  const way = chooseWay({ cluster, described, hasEndpoint: cluster.endpoint !== undefined });
  if (way.way === 'none') throw new Failed(way.because, EXIT_ERROR);
  return way;
}
