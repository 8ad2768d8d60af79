/** A real cluster whose deployers are let in by the real authenticator, and the token of one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { eksToken } from '../../../adapters/aws/eks-token.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../../local/aws/ministack-environment.ts';
import { openSession } from '../../../local/aws/session.ts';
import { startCluster } from '../../../local/cluster/start-cluster.ts';
import { cacheFolder } from '../../../local/install/cache-folder.ts';
import { ensureTools } from '../../../local/install/ensure-tools.ts';
import { silentProgress } from '../../../local/progress.ts';
import { asAdmin } from '../cluster-calls.ts';
import { testMiniStack } from '../ministack.ts';
import type { World } from './scene.ts';

const roleArn = `arn:aws:iam::${LOCAL_ACCOUNT}:role/deployer`;

/** Starts both; `stop` ends everything and removes its folder. */
export async function aWorld(): Promise<World & { endpoint: string; roleArn: string; stop(): Promise<void> }> {
  const tools = await ensureTools({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  const [ministack, folder] = await Promise.all([testMiniStack(), mkdtemp(join(tmpdir(), 'fairlead-deployer-'))]);
  const iam = new IAMClient(localClient(ministack.endpoint));
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${LOCAL_ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: 'deployer', AssumeRolePolicyDocument }));
  iam.destroy();
  const cluster = await startCluster({
    name: 'dev',
    folder: join(folder, 'dev'),
    logs: join(folder, 'logs'),
    tools,
    sts: { endpoint: ministack.endpoint },
    region: LOCAL_REGION,
    awsAuth: [{ rolearn: roleArn, username: 'fairlead:{{SessionName}}', groups: ['fairlead:deployers'] }],
  });
  const admin = await asAdmin(cluster);
  const token = eksToken({
    cluster: 'dev',
    region: LOCAL_REGION,
    credentials: () => openSession(ministack.endpoint, roleArn, 'a-rollout'),
    now: () => new Date(),
  });
  return {
    cluster,
    admin,
    token,
    helm: tools.helm,
    /** MiniStack's. */
    endpoint: ministack.endpoint,
    roleArn,
    async stop() {
      admin.close();
      await cluster.stop();
      await ministack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
