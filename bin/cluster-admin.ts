/** A cluster with the user's own rights: EKS by AWS credentials, the rest by kubeconfig. */
import { join } from 'node:path';
import { EKSClient } from '@aws-sdk/client-eks';
import { accessEntries } from '../adapters/aws/access-entries.ts';
import { accessGrants } from '../adapters/helm/access-grants.ts';
import { findContext } from '../adapters/helm/find-context.ts';
import { grantAccess } from '../adapters/helm/grant-access.ts';
import { keepBackup } from '../adapters/keep-backup.ts';
import { awsAuthObject } from '../adapters/kube/aws-auth/aws-auth-object.ts';
import { awsAuthProposals } from '../adapters/kube/aws-auth/propose-change.ts';
import { readContexts } from '../adapters/kube/read-contexts.ts';
import type { ClusterAdmin, ClusterReach } from '../cli/cluster/cluster-admin.ts';
import { stateFolder } from '../local/stack/state-folder.ts';
import { awsClientOf } from './aws-client.ts';
import type { Chosen } from './destination.ts';
import { ROOT } from './root.ts';

export interface ClusterAdminProps {
  /** Whose credentials EKS is asked with. */
  readonly chosen: Chosen;
  readonly reach: ClusterReach;
  /** For helm and kubectl. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths as in KUBECONFIG. */
  readonly kubeconfig: string;
  readonly helm: () => Promise<string>;
  readonly kubectl: () => Promise<string>;
  readonly now: () => Date;
}

/** Nothing is opened before it is asked for: who uses access entries alone needs no kubeconfig. */
export function clusterAdmin({ chosen, reach, env, kubeconfig, helm, kubectl, now }: ClusterAdminProps): ClusterAdmin {
  const { cluster } = reach;
  const { name, account, region } = cluster;
  const context = async () => reach.context ?? findContext(await readContexts(kubeconfig), cluster);
  // The folder of copies is the user's, whichever stack runs: FAIRLEAD_STATE is the stack's alone.
  const backups = () => join(stateFolder({ ...env, FAIRLEAD_STATE: undefined }), 'aws-auth');
  const awsAuth = async () => {
    const props = { kubectl: await kubectl(), env, kubeconfig, context: await context() };
    return awsAuthProposals(awsAuthObject(props), name, keepBackup(backups(), now));
  };
  const grants = async () => accessGrants({ helm: await helm(), env, kubeconfig, context: await context() });
  return {
    eks: accessEntries(new EKSClient({ ...awsClientOf(chosen), region }), name),
    awsAuth: {
      connect: async (entry, mayCreate) => await (await awsAuth()).connect(entry, mayCreate),
      disconnect: async (entry) => await (await awsAuth()).disconnect(entry),
    },
    grants: {
      list: async () => await (await grants()).list(),
      revoke: async (namespace) => await (await grants()).revoke(namespace),
      grant: async (namespace, values) => {
        const chart = join(ROOT, 'charts', 'cluster-access');
        const grant = grantAccess({ helm: await helm(), env, kubeconfig, chart });
        return await grant({ cluster: name, account, region, namespace, context: await context(), values });
      },
    },
  };
}
