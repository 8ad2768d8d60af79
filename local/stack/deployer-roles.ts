import type { Config } from '../../contracts/config.ts';
import { deployerRole } from '../../domain/deployment/deployer-role.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../aws/ministack-environment.ts';

/** ARNs of the roles of all deployers that the local stack will have. Known by name: clusters need not wait for the app that makes them. */
export function deployerRoles({ name: installation, deployers }: Config): readonly string[] {
  const here = { installation, account: LOCAL_ACCOUNT, region: LOCAL_REGION, clusterAccount: LOCAL_ACCOUNT };
  return Object.keys(deployers).map((deployer) => deployerRole({ ...here, deployer }));
}
