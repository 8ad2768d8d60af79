import { join } from 'node:path';
import type { Config } from '../../contracts/config.ts';
import type { MiniStack } from '../aws/ministack.ts';
import { LOCAL_REGION } from '../aws/ministack-environment.ts';
import { type LocalCluster, startCluster } from '../cluster/start-cluster.ts';
import type { Tools } from '../install/ensure-tools.ts';
import { deployerRoles } from './deployer-roles.ts';
import { during } from './during.ts';
import type { StackStart } from './stack-start.ts';

/** One of the stack's clusters, with the app's deployers mapped in its `aws-auth` to the group `fairlead:deployers` and nobody else. */
export async function startOneCluster(
  start: StackStart & { readonly tools: Tools },
  ministack: MiniStack,
  config: Config,
  name: string,
): Promise<LocalCluster> {
  const { options, progress, stopper, logs, tools, onBroken } = start;
  const cluster = await during(progress, `Kubernetes cluster ${name}`, () =>
    startCluster({
      name,
      folder: join(options.folder, 'clusters', name),
      tools,
      sts: { endpoint: ministack.endpoint },
      region: LOCAL_REGION,
      awsAuth: deployerRoles(config).map((rolearn) => ({
        rolearn,
        username: 'fairlead:{{SessionName}}',
        groups: ['fairlead:deployers'],
      })),
      logs,
    }),
  );
  void cluster.broken.then((program) => onBroken(`${program} of cluster ${name}`));
  await stopper.add(`cluster ${name}`, () => cluster.stop());
  return cluster;
}
