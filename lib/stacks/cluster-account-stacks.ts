import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import type { ClusterAccount } from '../../contracts/deployer-settings.ts';
import { clusterAccessRole, deployerRole } from '../../domain/deployment/deployer-role.ts';
import { ClusterAccess, ClusterAccessEntry } from '../constructs/cluster-access.ts';

/**
 * What each account of `clusterAccounts` needs, one stack for each of its regions: `{name}-cluster-access-{account}-{region}`. The first region's has the
 * role, since roles know no regions; the others' have access entries only, and come after it.
 */
export function clusterAccountStacks(scope: Construct, config: Config): readonly Stack[] {
  return config.clusterAccounts.flatMap((there) => stacksOf(scope, config, there));
}

function stacksOf(scope: Construct, config: Config, there: ClusterAccount): readonly Stack[] {
  const { account, externalId, clusters } = there;
  const { name: installation, region: home } = config;
  const [first = home, ...others] = new Set(clusters.map(({ region }) => region));
  const main = stackIn(scope, config, account, first);
  new ClusterAccess(main, 'ClusterAccess', {
    installation,
    deployerRoleArns: deployersOf(config),
    externalId,
    clusters,
  });
  const roleArn = clusterAccessRole({ installation, region: home, clusterAccount: account });
  const further = others.map((region) => {
    const stack = stackIn(scope, config, account, region);
    stack.addStackDependency(main, 'an access entry is refused for a role that does not exist');
    for (const { name, accessEntry } of clusters.filter((cluster) => cluster.region === region)) {
      if (accessEntry) new ClusterAccessEntry(stack, `Entry-${name}`, { cluster: name, roleArn });
    }
    return stack;
  });
  return [main, ...further];
}

/** Every deployer: which one goes where is for the environments to say, and they are registered later. */
function deployersOf({ name: installation, account, region, deployers }: Config): readonly string[] {
  return Object.keys(deployers).map((deployer) =>
    deployerRole({ installation, account, region, deployer, clusterAccount: account }),
  );
}

function stackIn(scope: Construct, { name }: Config, account: string, region: string): Stack {
  const stackName = `${name}-cluster-access-${account}-${region}`;
  return new Stack(scope, stackName, {
    stackName,
    description: `Lets the deployers of ${name} into clusters of this account`,
    env: { account, region },
  });
}
