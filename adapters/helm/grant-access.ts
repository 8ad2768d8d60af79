/** Lets Fairlead's deployers into one namespace: the access chart, installed with the user's own kubeconfig. */
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { NotDone } from '../../contracts/not-done.ts';
import { runProgram } from '../run-program.ts';
import { type Context, findContext } from './find-context.ts';

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
  /** Values of the chart, which replace all earlier ones; without any, helm keeps those of the grant before. */
  readonly values?: object | undefined;
}

const Kubeconfig = z.object({
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
});
const RELEASE = 'fairlead-access';
const TIMEOUT = 120_000;

/** Makes the namespace when it is missing and installs or upgrades the access chart in it. @throws NotDone in helm's words. */
export function grantAccess({ helm, env, kubeconfig, chart }: GrantAccessProps) {
  return async ({
    cluster,
    account,
    region,
    namespace,
    values,
  }: Grant): Promise<{ chart: 'installed' | 'upgraded' }> => {
    const context = findContext(await contextsOf(kubeconfig), { name: cluster, account, region });
    const args = ['upgrade', RELEASE, chart, '--install', '--create-namespace', '--namespace', namespace];
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

/** The contexts of all files. One that is not there has none, as for kubectl. */
async function contextsOf(paths: string): Promise<Context[]> {
  const read = async (path: string) => contextsIn(await readFile(path, 'utf8').catch(() => ''), path);
  return (await Promise.all(paths.split(delimiter).filter(Boolean).map(read))).flat();
}

function contextsIn(text: string, path: string): Context[] {
  try {
    const { contexts } = Kubeconfig.parse(parse(text) ?? {});
    return (contexts ?? []).map(({ name, context }) => ({ name, cluster: context.cluster }));
  } catch (error: unknown) {
    throw new NotDone(`${path} is no kubeconfig: see what kubectl says of it`, { cause: error });
  }
}
