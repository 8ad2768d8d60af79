import type { Config } from '../../contracts/config.ts';
import type { MiniStack } from '../aws/ministack.ts';
import { readContext } from '../cluster/read-context.ts';
import { ensureTools, ensureToolsForOwnCluster } from '../install/ensure-tools.ts';
import type { Progress } from '../progress.ts';
import { frontOwnCluster } from './front-own-cluster.ts';
import type { FullStackOptions } from './stack-options.ts';
import type { StackStart } from './stack-start.ts';
import type { RunningStack } from './stack-state.ts';
import { startOneCluster } from './start-one-cluster.ts';

/** The stack's clusters, started or stood before. */
export type StartClusters = (
  start: StackStart,
  ministack: MiniStack,
  config: Config,
) => Promise<Pick<RunningStack, 'clusters' | 'own'>>;

/** Installs the programs that the stack needs, and says how its clusters are started. With a cluster of the user's own no Kubernetes is built. */
export async function prepareClusters(
  options: FullStackOptions,
  progress: Progress,
): Promise<{ readonly tools: StackStart['tools']; readonly startClusters: StartClusters }> {
  const { cache, env, kubeconfig } = options;
  if (kubeconfig === undefined) {
    const tools = await ensureTools({ cache, progress, env });
    return { tools, startClusters: (start, ...given) => startAll({ ...start, tools }, ...given) };
  }
  const tools = await ensureToolsForOwnCluster({ cache, progress, env });
  const { file, context } = kubeconfig;
  // Before anything is started: a wrong name is said at once.
  const found = await readContext({ kubectl: tools.kubectl, kubeconfig: file, context, env });
  return {
    tools,
    startClusters: async (start, ministack, config) => {
      const own = { kubeconfig: file, ...found };
      const cluster = await frontOwnCluster(start, own, ministack, config);
      return { clusters: [cluster], own: { context: found.context } };
    },
  };
}

type WithControlPlane = Parameters<typeof startOneCluster>[0];

async function startAll(start: WithControlPlane, ministack: MiniStack, config: Config) {
  const names = Array.from({ length: start.options.clusters }, (_, n) => `local-${n + 1}`);
  const clusters = await Promise.all(names.map((name) => startOneCluster(start, ministack, config, name)));
  return {
    clusters: clusters.map(({ name, server, caData, kubeconfig }) => ({ name, server, caData, kubeconfig })),
  };
}
