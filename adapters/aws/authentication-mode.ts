import type { Cluster } from '@aws-sdk/client-eks';

/** Older clusters of EKS know nothing but aws-auth. https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html#authentication-modes */
const MODE_WITHOUT_SAYING = 'CONFIG_MAP';

/** How the cluster maps roles, and the account that its ARN names. */
export function modeOf(cluster: Cluster | undefined) {
  const mode = cluster?.accessConfig?.authenticationMode ?? MODE_WITHOUT_SAYING;
  return { seen: 'mode', mode, account: cluster?.arn?.split(':')[4] } as const;
}
