/** Where a cluster has grants of ours, and how one goes: the releases of `charts/cluster-access`. */
import * as z from 'zod';
import { runProgram } from '../run-program.ts';
import { ACCESS_RELEASE } from './grant-access.ts';

export interface AccessGrantsProps {
  readonly helm: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths as in KUBECONFIG. */
  readonly kubeconfig: string;
  readonly context: string;
}

const Releases = z.array(z.object({ name: z.string(), namespace: z.string(), chart: z.string() }));
const CHART = /^cluster-access-/;
const TIMEOUT = 120_000;

/** @throws NotDone in helm's words. */
export function accessGrants({ helm, env, kubeconfig, context }: AccessGrantsProps) {
  const run = async (...args: readonly string[]) => {
    const { stdout } = await runProgram({
      command: helm,
      args: [...args, '--kube-context', context],
      env: { ...env, KUBECONFIG: kubeconfig },
      timeoutMilliseconds: TIMEOUT,
    });
    return stdout;
  };
  return {
    /** Namespaces with a grant. A release of that name which is another chart's is not ours. */
    async list(): Promise<readonly string[]> {
      const said = await run(
        'list',
        '--all-namespaces',
        '--filter',
        `^${ACCESS_RELEASE}$`,
        '--max',
        '0',
        '--output',
        'json',
      );
      return Releases.parse(JSON.parse(said))
        .filter(({ name, chart }) => name === ACCESS_RELEASE && CHART.test(chart))
        .map(({ namespace }) => namespace)
        .toSorted();
    },

    /** Takes the grant away. The namespace stays: there may be anything in it. */
    async revoke(namespace: string): Promise<void> {
      await run('uninstall', ACCESS_RELEASE, '--namespace', namespace, '--ignore-not-found', '--timeout', '60s');
    },
  };
}
