/** Where a cluster's API server is, and how we prove there who we are. */
import { DescribeClusterCommand, type EKSClient, EKSServiceException } from '@aws-sdk/client-eks';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import type { Clock } from '../../domain/ports.ts';
import { clusterId } from '../../domain/registry/place.ts';
import type { AssumeRole } from './assumed-roles.ts';
import { type AwsCredentials, eksToken } from './eks-token.ts';

export interface ClusterConnection {
  /** https URL of the API server. */
  readonly server: string;
  /** PEM bundle that signs its certificate. */
  readonly ca: string;
  readonly token: () => Promise<string>;
}

/** `environment` names the session, where one has to be opened in the cluster's account. */
export type ClusterAccess = (cluster: ClusterPlace, environment: string) => Promise<ClusterAnswer>;
export type ClusterAnswer =
  | { readonly found: true; readonly connection: ClusterConnection }
  /** `never`: waiting does not help, somebody has to change what is configured or registered. */
  | { readonly found: false; readonly never: boolean; readonly because: string };

export type Credentials = () => Promise<AwsCredentials>;

export interface ClusterAccessProps {
  /** The account that `credentials` belong to. */
  readonly account: string;
  readonly credentials: Credentials;
  /** Other accounts whose clusters are reached through a role there. */
  readonly accounts: ReadonlyMap<string, { readonly roleArn: string; readonly externalId: string }>;
  readonly assume: AssumeRole;
  readonly eks: (region: string, credentials: Credentials) => EKSClient;
  readonly now: Clock;
}

/** DescribeCluster allows a few tens of calls per second and account; endpoints and CAs hardly ever change. */
const KEEP_MS = 10 * 60_000;

interface Place {
  readonly found: true;
  readonly server: string;
  /** PEM. */
  readonly ca: string;
}
interface NoPlace {
  readonly found: false;
  /** EKS itself is in the way (throttling, trouble of its own, no connection): it says nothing of the cluster. */
  readonly notNow?: true;
  readonly because: string;
}

type Identity =
  /** `asksEks` is false where the identity means nothing to the EKS of the cluster's account. */
  { readonly is: Credentials; readonly session: string; readonly asksEks: boolean } | { readonly because: string };

/**
 * Endpoint and CA of the registry entry, else of `eks:DescribeCluster` (kept 10 minutes), with a token of our own: of the deployer's role in its own
 * account, of the role that it assumes in another. A cluster of an account that is not configured must be registered with endpoint and CA, and map the
 * deployer's role itself.
 */
export function clusterAccess(props: ClusterAccessProps): ClusterAccess {
  const { eks, now } = props;
  const asked = new Map<string, Place & { readonly at: number }>();
  const tokens = new Map<string, () => Promise<string>>();
  const identify = identities(props);

  const tokenOf = (cluster: ClusterPlace, { is, session }: Extract<Identity, { is: Credentials }>) => {
    const id = `${clusterId(cluster)} ${session}`;
    const { name, region } = cluster;
    const token = tokens.get(id) ?? eksToken({ cluster: name, region, credentials: is, now });
    tokens.set(id, token);
    return token;
  };

  const ask = async (cluster: ClusterPlace, credentials: Credentials): Promise<Place | NoPlace> => {
    const kept = asked.get(clusterId(cluster));
    if (kept !== undefined && now().getTime() - kept.at < KEEP_MS) return kept;
    const described = await describe(eks(cluster.region, credentials), cluster);
    if (described.found) asked.set(clusterId(cluster), { at: now().getTime(), ...described });
    // An old answer is better than none: where it is wrong, nobody there has the certificate of this cluster.
    return !described.found && described.notNow && kept !== undefined ? kept : described;
  };

  return async (cluster, environment) => {
    const identity = await identify(cluster, environment);
    if ('because' in identity) return { found: false, never: false, because: identity.because };
    const { endpoint, ca } = cluster;
    const known: Place | undefined =
      endpoint === undefined || ca === undefined ? undefined : { found: true, server: endpoint, ca: pemOf(ca) };
    if (known === undefined && !identity.asksEks)
      return { found: false, never: true, because: notListed(cluster, props) };
    const place = known ?? (await ask(cluster, identity.is));
    if (!place.found) return { found: false, never: false, because: place.because };
    return { found: true, connection: { server: place.server, ca: place.ca, token: tokenOf(cluster, identity) } };
  };
}

/** Who we are to a cluster. A role is assumed before anything else, so that a refusal is told in words. */
function identities({ account, credentials, accounts, assume }: ClusterAccessProps) {
  const own = (asksEks: boolean): Identity => ({ is: credentials, session: '', asksEks });
  return async (cluster: ClusterPlace, session: string): Promise<Identity> => {
    if (cluster.account === account) return own(true);
    const there = accounts.get(cluster.account);
    if (there === undefined) return own(false);
    const first = await assume({ ...there, session });
    if (!first.assumed) return { because: first.because };
    const current = async () => {
      const answer = await assume({ ...there, session });
      if (!answer.assumed) throw new SessionRefused(answer.because);
      return answer.credentials;
    };
    return { is: current, session, asksEks: true };
  };
}

/** The role was given before, and is not any more. */
export class SessionRefused extends Error {
  override readonly name = 'SessionRefused';
}

function notListed({ name, account, region }: ClusterPlace, { account: home }: ClusterAccessProps): string {
  const fixes = `add account ${account} to clusterAccounts of fairlead.yaml, or register the environment with endpoint and ca`;
  return `cluster ${name} in ${region} belongs to account ${account}, of which this installation in ${home} knows no role: ${fixes}`;
}

async function describe(client: EKSClient, { name, region }: ClusterPlace): Promise<Place | NoPlace> {
  try {
    const { cluster } = await client.send(new DescribeClusterCommand({ name }));
    const [server, ca] = [cluster?.endpoint, cluster?.certificateAuthority?.data];
    if (server === undefined || ca === undefined) {
      const because = `EKS cluster ${name} in ${region} is ${cluster?.status ?? 'unknown'} and has no endpoint yet`;
      return { found: false, because };
    }
    return { found: true, server, ca: pemOf(ca) };
  } catch (error) {
    const notNow = whyNotNow(error);
    if (notNow !== undefined) {
      const because = `eks:DescribeCluster ${name} in ${region} came to no answer (${notNow}): it is asked again; environments registered with endpoint and ca need no such call`;
      return { found: false, notNow: true, because };
    }
    if (!(error instanceof EKSServiceException)) throw error;
    return {
      found: false,
      because: `eks:DescribeCluster ${name} in ${region} answered ${error.name}: register the environment with endpoint and ca, or allow the deployer to describe the cluster`,
    };
  }
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html#API_DescribeCluster_Errors and its common errors. */
const EKS_TROUBLE =
  /^(ThrottlingException|TooManyRequestsException|RequestLimitExceeded|ServerException|ServiceUnavailable)/;

/** The SDK has tried again, with jitter, before it throws. */
function whyNotNow(error: unknown): string | undefined {
  if (error instanceof EKSServiceException) return EKS_TROUBLE.test(error.name) ? error.name : undefined;
  // The SDK's own words for a connection that did not come about.
  const isNetwork = error instanceof Error && ('code' in error || error.name === 'TimeoutError');
  return isNetwork ? error.message || error.name : undefined;
}

const pemOf = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
