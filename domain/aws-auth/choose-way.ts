/** By which way may a cluster learn of a role: an access entry, or `aws-auth`? */

/** What EKS said of the cluster. */
export type Described =
  | { readonly seen: 'mode'; readonly mode: string; readonly account?: string | undefined }
  /** EKS knows no such cluster in this account and region. */
  | { readonly seen: 'not-found'; readonly because: string }
  /** Nobody to ask as, no right to ask, or no answer. */
  | { readonly seen: 'nothing'; readonly because: string };

export interface WayAsked {
  readonly cluster: { readonly name: string; readonly account: string; readonly region: string };
  /** Undefined when the user wants EKS left out. */
  readonly described: Described | undefined;
  /** Whether the environment is registered with endpoint and CA: it need not be a cluster of EKS then. */
  readonly hasEndpoint: boolean;
}

export type Way =
  | {
      readonly way: 'access-entry' /** Whether `aws-auth` would do as well. */;
      readonly orAwsAuth: boolean;
      readonly because: string;
    }
  | {
      readonly way: 'aws-auth' /** Whether one may be made where there is none. */;
      readonly mayCreate: boolean;
      readonly because: string;
    }
  | { readonly way: 'none'; readonly because: string };

/**
 * Access entries wherever the mode has them: EKS checks them, and they cannot be broken by a typing error. An `aws-auth` in mode API is read by nobody.
 * https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html#authentication-modes
 */
export function chooseWay({ cluster, described, hasEndpoint }: WayAsked): Way {
  const { name, account, region } = cluster;
  if (described === undefined) return { way: 'aws-auth', mayCreate: false, because: 'EKS was not to be asked' };
  if (described.seen === 'mode') {
    if (described.account !== undefined && described.account !== account) {
      const because = `your credentials see a cluster ${name} of account ${described.account}, and the environment's is in ${account}: use credentials of ${account}`;
      return { way: 'none', because };
    }
    return byMode(described.mode, name);
  }
  if (hasEndpoint) return { way: 'aws-auth', mayCreate: false, because: described.because };
  if (described.seen === 'not-found') {
    const because = `${described.because}: there is no such cluster in ${region} of the account your credentials are for; the environment says account ${account}`;
    return { way: 'none', because };
  }
  return {
    way: 'none',
    because: `${described.because}: the cluster's authentication mode is not known; allow eks:DescribeCluster on arn:aws:eks:${region}:${account}:cluster/${name}, or, when you know that the cluster reads aws-auth, give --kubeconfig-only`,
  };
}

function byMode(mode: string, name: string): Way {
  const because = `authentication mode ${mode}`;
  if (mode === 'API') return { way: 'access-entry', orAwsAuth: false, because };
  if (mode === 'API_AND_CONFIG_MAP') return { way: 'access-entry', orAwsAuth: true, because };
  if (mode === 'CONFIG_MAP') return { way: 'aws-auth', mayCreate: true, because };
  return {
    way: 'none',
    because: `cluster ${name} has authentication mode '${mode}', which allows neither access entries nor aws-auth as far as Fairlead knows: set it to API_AND_CONFIG_MAP with 'aws eks update-cluster-config'`,
  };
}
