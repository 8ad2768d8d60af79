/**
 * Which IAM role a cluster has to know, so that a deployer is let in. In the installation's own account that is the deployer's role itself;
 * in another account it is the role `{installation}-cluster-access` there, which the deployer assumes.
 */

/** The deployer of an installation that names none, and of environments that name none. */
export const DEFAULT_DEPLOYER = 'default';

export interface DeployerOfCluster {
  /** Name of the installation, `name` of its `fairlead.yaml`. */
  readonly installation: string;
  /** The installation's account and region. The region says which partition of AWS it is in. */
  readonly account: string;
  readonly region: string;
  /** Name of the deployer that the environment asks for. */
  readonly deployer: string;
  readonly clusterAccount: string;
}

/** ARN of the role that the cluster must map, by an access entry or in `aws-auth`. It has no path, which aws-iam-authenticator would not compare. */
export function deployerRole({ installation, account, region, deployer, clusterAccount }: DeployerOfCluster): string {
  return clusterAccount === account
    ? roleArn(region, account, deployerRoleName(installation, deployer))
    : clusterAccessRole({ installation, region, clusterAccount });
}

/** ARN of the role that deployers assume to reach the clusters of another account. */
export function clusterAccessRole(of: Pick<DeployerOfCluster, 'installation' | 'region' | 'clusterAccount'>): string {
  return roleArn(of.region, of.clusterAccount, clusterAccessRoleName(of.installation));
}

/** `fairlead-deployer` for deployer `default`, `fairlead-deployer-private-eu` for `private-eu`. */
export function deployerRoleName(installation: string, deployer: string): string {
  return deployer === DEFAULT_DEPLOYER ? `${installation}-deployer` : `${installation}-deployer-${deployer}`;
}

/** `fairlead-cluster-access`. */
export function clusterAccessRoleName(installation: string): string {
  return `${installation}-cluster-access`;
}

/** ARN of the role that deployers assume to read secrets, each time with no more rights than one package needs. */
export function secretsRole(of: Pick<DeployerOfCluster, 'installation' | 'region' | 'account'>): string {
  return roleArn(of.region, of.account, secretsRoleName(of.installation));
}

/** `fairlead-secrets`. */
export function secretsRoleName(installation: string): string {
  return `${installation}-secrets`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (partitions) */
function roleArn(region: string, account: string, name: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${name}`;
}

/** `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
