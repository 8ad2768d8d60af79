import { Stack } from 'aws-cdk-lib';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import { ArnPrincipal, CompositePrincipal, PrincipalWithConditions, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ClusterThere, ExternalId } from '../../contracts/deployer-settings.ts';
import { clusterAccessRoleName } from '../../domain/deployment/deployer-role.ts';
import { allow } from './allow.ts';

export interface ClusterAccessProps {
  /** `name` of the installation's `fairlead.yaml`. */
  readonly installation: string;
  /** The roles of the deployers that may come in: whole ARNs, without path or wildcard. They must exist already. */
  readonly deployerRoleArns: readonly string[];
  /** What `clusterAccounts` of `fairlead.yaml` says for this account. */
  readonly externalId: string;
  /** `o-…`: only callers of this organisation, beside all else. @default whichever organisation the deployers are in */
  readonly organizationId?: string;
  /** The clusters whose address the deployers may ask for, and which let them in. */
  readonly clusters: readonly ClusterInAccount[];
}

export interface ClusterInAccount {
  readonly name: string;
  /** @default the stack's */
  readonly region?: string;
  /** Whether the cluster lets the role in by an access entry of this construct. Of clusters in other regions there is none: see `ClusterAccessEntry`. @default true */
  readonly accessEntry?: boolean;
}

/** A prop opens more than it should, or nothing. The message names it. */
export class ClusterAccessRefused extends Error {
  override readonly name = 'ClusterAccessRefused';
}

/**
 * Lets an installation's deployers into clusters of this account: a role that exactly they may assume, and only by telling the external id, so that nobody
 * else's automation can be talked into it (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). It may describe the named clusters; what
 * happens inside of them is for RBAC to say.
 * @throws ClusterAccessRefused
 */
export class ClusterAccess extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ClusterAccessProps) {
    super(scope, id);
    refuseLoose(props);
    const { installation, deployerRoleArns, externalId, organizationId, clusters } = props;
    const deployers = deployerRoleArns.map((arn) => new ArnPrincipal(arn));
    this.role = new Role(this, 'Role', {
      roleName: clusterAccessRoleName(installation),
      description: `Lets the deployers of ${installation} reach the clusters of this account`,
      assumedBy: new PrincipalWithConditions(new CompositePrincipal(...deployers), {
        StringEquals: {
          'sts:ExternalId': externalId,
          ...(organizationId !== undefined && { 'aws:PrincipalOrgID': organizationId }),
        },
      }),
    });
    const stack = Stack.of(this);
    const arns = clusters.map(({ name, region = stack.region }) =>
      stack.formatArn({ service: 'eks', region, resource: 'cluster', resourceName: name }),
    );
    if (arns.length > 0) allow(this.role, { sid: 'Address', actions: ['eks:DescribeCluster'], resources: arns });
    for (const { name, region = stack.region, accessEntry = true } of clusters) {
      if (region !== stack.region || !accessEntry) continue;
      new ClusterAccessEntry(this, `Entry-${name}`, { cluster: name, roleArn: this.role.roleArn });
    }
  }
}

export interface ClusterAccessEntryProps {
  /** Name of a cluster in the stack's account and region, whose authentication mode is `API` or `API_AND_CONFIG_MAP`. */
  readonly cluster: string;
  readonly roleArn: string;
}

/**
 * Makes a role a member of group `fairlead:deployers` in one cluster, and nothing more: no policy of EKS's, never `system:masters`
 * (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
 */
export class ClusterAccessEntry extends Construct {
  constructor(scope: Construct, id: string, { cluster, roleArn }: ClusterAccessEntryProps) {
    super(scope, id);
    new CfnAccessEntry(this, 'Entry', {
      clusterName: cluster,
      principalArn: roleArn,
      type: 'STANDARD',
      username: 'fairlead:{{SessionName}}',
      kubernetesGroups: ['fairlead:deployers'],
    });
  }
}

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@-]{1,64}$/;
const ORGANISATION = /^o-[a-z0-9]{10,32}$/;

function refuseLoose({ deployerRoleArns, externalId, organizationId, clusters }: ClusterAccessProps): void {
  const refuse = (because: string) => {
    throw new ClusterAccessRefused(because);
  };
  if (deployerRoleArns.length === 0)
    refuse('deployerRoleArns is empty: name the role of each deployer that may come in');
  for (const arn of deployerRoleArns) {
    if (ROLE.test(arn)) continue;
    refuse(
      `'${arn}' is no role by its whole ARN: write arn:aws:iam::ACCOUNT:role/NAME, without path or wildcard; an account's root would let in everybody there`,
    );
  }
  if (!ExternalId.safeParse(externalId).success)
    refuse(`externalId '${externalId}': 8 characters or more, hard to guess`);
  if (organizationId !== undefined && !ORGANISATION.test(organizationId)) {
    refuse(`organizationId '${organizationId}' is no id of an organisation such as o-a1b2c3d4e5`);
  }
  for (const { name } of clusters) {
    if (!ClusterThere.shape.name.safeParse(name).success)
      refuse(`'${name}' is no name of a cluster: name each, without wildcards`);
  }
}
