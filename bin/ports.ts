/** Every port of the command line on its real adapter. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { signedClient } from '../adapters/aws/signed-client.ts';
import { toldPlainly } from '../adapters/aws/told-plainly.ts';
import { layerTexts } from '../adapters/helm/layer-texts.ts';
import { WrongInvocation } from '../cli/failure.ts';
import type { DestinationFlags, LocalStack, Ports } from '../cli/ports.ts';
import { cacheFolder } from '../local/install/cache-folder.ts';
import { progressOn } from '../local/progress.ts';
import { awsClientOf } from './aws-client.ts';
import { type Chosen, chooseDestination, runningStack } from './destination.ts';
import { editedFile } from './edit-file.ts';
import { ROOT } from './root.ts';

export type World = Pick<Ports, 'terminal' | 'interrupted' | 'readFile' | 'newKey' | 'now'> & {
  /** @default nobody is there to be asked */
  readonly ask?: Ports['ask'];
  /** @default nobody is there to give one */
  readonly readSecret?: Ports['readSecret'];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where calls go and who signs them. @default by flags, environment, profile, running local stack */
  readonly choose?: (flags: DestinationFlags) => Promise<Chosen>;
};

/** The ports; nothing is opened, and nothing big is loaded, before it is asked for: most commands need the API alone. */
export function portsOf(world: World, stack: LocalStack): Ports {
  const { env, choose = (flags) => chooseDestination(flags, env) } = world;
  const helm = async () => env['FAIRLEAD_HELM'] ?? (await tools(env)).helm;
  const kubectl = async () => env['FAIRLEAD_KUBECTL'] ?? (await tools(env)).kubectl;
  return {
    ask: async () => undefined,
    readSecret: async () => undefined,
    ...world,
    pause: (milliseconds) => wait(milliseconds, undefined, { signal: world.interrupted }).catch(() => undefined),
    destination: async (flags) => {
      const { endpoint, region, because, credentials } = await choose(flags);
      return { endpoint, because, client: signedClient({ endpoint, region, credentials }) };
    },
    parameters: async (flags) => {
      const { layerStore } = await import('./layer-store.ts');
      return layerStore(await choose(flags));
    },
    layerTexts,
    editedFile: editedFile(env),
    pushChart: async (flags) => {
      const [{ pushChart }, { ensureRepository }, { ECRClient }] = await Promise.all([
        import('../adapters/helm/push-chart.ts'),
        import('../adapters/aws/ecr-repository.ts'),
        import('@aws-sdk/client-ecr'),
      ]);
      const chosen = await choose(flags);
      const registryOf = ensureRepository({ client: new ECRClient(awsClientOf(chosen)), endpoint: chosen.awsEndpoint });
      return pushChart({ helm: await helm(), env: toolEnv(env), registryOf });
    },
    grantAccess: async () => {
      const { grantAccess } = await import('../adapters/helm/grant-access.ts');
      const chart = join(ROOT, 'charts', 'cluster-access');
      return grantAccess({ helm: await helm(), env: toolEnv(env), kubeconfig: await kubeconfigOf(env), chart });
    },
    clusterAdmin: async (flags, reach) => {
      const { clusterAdmin } = await import('./cluster-admin.ts');
      const { clusterProfile } = reach;
      const own = await choose(flags);
      const other = { endpoint: own.endpoint, region: own.region, profile: clusterProfile };
      const chosen = clusterProfile === undefined ? own : await choose(other);
      // Without a word about EKS the way would be aws-auth; whoever names a profile means it.
      if (clusterProfile !== undefined)
        await toldPlainly(`use --cluster-profile ${clusterProfile}`, chosen.credentials());
      const kubeconfig = (await namedKubeconfig(reach.kubeconfig)) ?? (await kubeconfigOf(env));
      return clusterAdmin({ chosen, reach, env: toolEnv(env), kubeconfig, helm, kubectl, now: world.now });
    },
    doctor: async (flags) => (await import('./doctor-ports.ts')).doctorPorts(await choose(flags), env),
    feature: async () => (await import('./feature-ports.ts')).featurePorts(),
    jobToken: async (audience) => {
      const { requestToken } = await import('../adapters/github/request-token.ts');
      const [url, bearer] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
      return await requestToken({ url, bearer }, audience);
    },
    stack,
  };
}

/** The file of `--kubeconfig`. kubectl takes one that is not there for an empty one; whoever names a file means it. @throws WrongInvocation */
async function namedKubeconfig(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const isMissing = await access(file, constants.R_OK).then(
    () => false,
    () => true,
  );
  if (!isMissing) return file;
  throw new WrongInvocation(`--kubeconfig '${file}' cannot be read: name a kubeconfig of the cluster`);
}

/** KUBECONFIG, else the running local stack's clusters, else where kubectl looks. */
async function kubeconfigOf(env: World['env']): Promise<string> {
  if (env['KUBECONFIG']) return env['KUBECONFIG'];
  const stack = await runningStack(env);
  if (stack !== undefined) return stack.clusters.map(({ kubeconfig }) => kubeconfig).join(delimiter);
  return join(env['HOME'] ?? '', '.kube', 'config');
}

/** The running local stack's, else those of the layer that the deployer runs with. */
async function tools(env: World['env']): Promise<{ readonly helm: string; readonly kubectl: string }> {
  const stack = await runningStack(env);
  if (stack !== undefined) return stack.tools;
  const { ensureLayer } = await import('../local/install/ensure-tools.ts');
  return await ensureLayer({ cache: cacheFolder(env), progress: progressOn(process.stderr), env });
}

/** helm's environment: the user's, less what would change what helm does to the release. */
function toolEnv(env: World['env']): World['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('HELM_') || name === 'HELM_DEBUG'));
}
