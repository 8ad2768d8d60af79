import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import type { Config } from '../../contracts/config.ts';
import type { MiniStack } from '../aws/ministack.ts';
import { LOCAL_REGION } from '../aws/ministack-environment.ts';
import { startKubeconfigFront } from '../cluster/kubeconfig-front.ts';
import { startCarrier } from '../cluster/kubectl-carrier.ts';
import type { KubeContext } from '../cluster/read-context.ts';
import { requireRights } from '../cluster/require-rights.ts';
import { tokenCaller } from '../cluster/token-caller.ts';
import { newAuthority } from '../tls/authority.ts';
import { deployerRoles } from './deployer-roles.ts';
import { during } from './during.ts';
import type { StackStart } from './stack-start.ts';
import type { StackCluster } from './stack-state.ts';

/** What the user's cluster is called in this stack; tokens are signed for it. */
const NAME = 'own';

/** The cluster of the user's kubeconfig, behind a front that knows the stack's deployers. Nothing is installed in it. */
export async function frontOwnCluster(
  start: StackStart,
  own: KubeContext & { readonly kubeconfig: string },
  ministack: MiniStack,
  config: Config,
): Promise<StackCluster> {
  const { options, progress, stopper, logs, tools, onBroken } = start;
  const now = () => new Date();
  const { context, kubeconfig } = own;
  return await during(progress, `Your cluster, of context ${context}`, async () => {
    const carrier = await startCarrier({
      kubectl: tools.kubectl,
      kubeconfig,
      context,
      env: options.env,
      log: join(logs, `${NAME}-kubectl-proxy.log`),
    });
    void carrier.child.exited.then(() => onBroken(`kubectl proxy to context ${context}`));
    await stopper.add('kubectl proxy', () => carrier.stop());
    await requireRights(context, carrier.ask);
    const authority = newAuthority('fairlead front of your cluster', now());
    const front = await startKubeconfigFront({
      certificate: authority.issue({ name: NAME, hosts: ['127.0.0.1', 'localhost'] }),
      caller: tokenCaller({ endpoint: ministack.endpoint, cluster: NAME, region: LOCAL_REGION, now }),
      roleArns: deployerRoles(config),
      carrier,
      now,
    });
    await stopper.add('the front of your cluster', () => front.close());
    const file = await writeContext(join(options.folder, 'clusters'), own);
    return {
      name: NAME,
      server: front.server,
      caData: Buffer.from(authority.ca).toString('base64'),
      // Credentials stay where they are: kubectl and helm find the user's entry in the user's own file.
      kubeconfig: [file, kubeconfig].join(delimiter),
    };
  });
}

/** A kubeconfig in which the user's context goes by the name that the stack has for the cluster. */
async function writeContext(folder: string, { cluster, user }: KubeContext): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${NAME}.kubeconfig`);
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster }],
    contexts: [{ name: NAME, context: { cluster: NAME, user } }],
    'current-context': NAME,
  });
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
