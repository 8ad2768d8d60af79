/** A user of Kubernetes. */
export interface KubeUser {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * Whom a cluster takes a caller for, as `aws-auth` maps deployers on EKS: a session of one of `roleArns` is `fairlead:{{SessionName}}` of group
 * `fairlead:deployers`; nobody else is anybody. https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
 * @param arn of the session, as STS says it
 */
export function mapCaller(arn: string, roleArns: readonly string[]): KubeUser | undefined {
  const [, partition, account, role, session] =
    /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  if (session === undefined || !roleArns.includes(`arn:${partition}:iam::${account}:role/${role}`)) return undefined;
  // aws-iam-authenticator replaces it, for user names of e-mail form belong to people.
  return { user: `fairlead:${session.replaceAll('@', '-')}`, groups: ['fairlead:deployers'] };
}
