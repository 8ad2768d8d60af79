import { stringify } from 'yaml';

/** One entry of `mapRoles` in the ConfigMap kube-system/aws-auth. https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html */
export interface MapRole {
  /** ARN of the role, without a path: `arn:aws:iam::000000000000:role/deployer`. */
  readonly rolearn: string;
  /** May hold `{{SessionName}}`. */
  readonly username: string;
  readonly groups: readonly string[];
}

/** The ConfigMap `aws-auth` with these entries, as JSON for the API server. */
export function awsAuthConfigMap(mapRoles: readonly MapRole[]) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system' },
    data: { mapRoles: stringify(mapRoles) },
  };
}
