/** Lets Fairlead's deployers into one namespace: the access chart, installed with the user's own kubeconfig. */
import * as z from 'zod';
import { readContexts } from '../kube/read-contexts.ts';
import { runProgram } from '../run-program.ts';
import { findContext } from './find-context.ts';

export interface GrantAccessProps {
  readonly helm: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths as in KUBECONFIG. */
  readonly kubeconfig: string;
  /** Folder of `charts/cluster-access`. */
  readonly chart: string;
}

export interface Grant {
  readonly cluster: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly namespace: string;
  /** The kubeconfig's context. @default the one that means the cluster */
  readonly context?: string | undefined;
  /** Values of the chart, which replace all earlier ones; without any, helm keeps those of the grant before. */
  readonly values?: object | undefined;
}

/** Name of the release in every namespace that has a grant. */
export const ACCESS_RELEASE = 'fairlead-access';
const TIMEOUT = 120_000;

/** Makes the namespace when it is missing and installs or upgrades the access chart in it. @throws NotDone in helm's words. */
export function grantAccess({ helm, env, kubeconfig, chart }: GrantAccessProps) {
  return async ({
    cluster,
    account,
    region,
    namespace,
    values,
    context: given,
  }: Grant): Promise<{ chart: 'installed' | 'upgraded' }> => {
    const context = given ?? findContext(await readContexts(kubeconfig), { name: cluster, account, region });
    const args = ['upgrade', ACCESS_RELEASE, chart, '--install', '--create-namespace', '--namespace', namespace];
    const { stdout } = await runProgram({
      command: helm,
      args: [...args, ...chosen(values), '--kube-context', context, '--output', 'json', '--timeout', '60s'],
      env: { ...env, KUBECONFIG: kubeconfig },
      timeoutMilliseconds: TIMEOUT,
    });
    const { version } = z.object({ version: z.int() }).parse(JSON.parse(stdout));
    return { chart: version === 1 ? 'installed' : 'upgraded' };
  };
}

const chosen = (values: Grant['values']) => (values === undefined ? [] : ['--set-json', JSON.stringify(values)]);
