/** The same helm command without Fairlead: same chart, same cluster, same flags, by the cluster's admin. */
import { join } from 'node:path';
import { runProgram } from '../../adapters/run-program.ts';
import type { RunningStack } from '../stack/stack-state.ts';
import { PACKAGE, type Scene } from './bench-scene.ts';

/** Runs it in a namespace, with a marker that makes it a change; answers milliseconds. */
export type BareHelm = (namespace: string, marker: string) => Promise<number>;

const TIMEOUT_MS = 120_000;

/** Flags are those that the deployer gives, less the labels and the fence (adapters/helm/fenced-helm.ts). The namespace is made by the first run in it. */
export function bareHelm({ tools, clusters, folder }: RunningStack, { chart }: Scene): BareHelm {
  const home = join(folder, 'bench', 'helm');
  const env = {
    HOME: home,
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
    KUBECONFIG: clusters[0]?.kubeconfig,
  };
  return async (namespace, marker) => {
    const args = [
      ...['upgrade', PACKAGE, chart, '--install', '--namespace', namespace, '--create-namespace'],
      ...['--set-string', `marker=${marker}`, '--hide-notes', '--server-side=true', '--reset-values'],
      ...['--history-max', '10'],
    ];
    const began = performance.now();
    await runProgram({ command: tools.helm, args, env, timeoutMilliseconds: TIMEOUT_MS });
    return performance.now() - began;
  };
}
