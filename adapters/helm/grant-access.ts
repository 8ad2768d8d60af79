/** Lets Fairlead's deployers into one namespace: the access chart, installed with the user's own kubeconfig. */
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { runProgram } from '../run-program.ts';

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
  readonly namespace: string;
}

const Kubeconfig = z.object({
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
});
const RELEASE = 'fairlead-access';
const TIMEOUT = 120_000;

/** Makes the namespace when it is missing and installs or upgrades the access chart in it. */
export function grantAccess({ helm, env, kubeconfig, chart }: GrantAccessProps) {
  return async ({ cluster, namespace }: Grant): Promise<{ chart: 'installed' | 'upgraded' }> => {
    const context = findContext(await contextsOf(kubeconfig), cluster);
    const args = ['upgrade', RELEASE, chart, '--install', '--create-namespace', '--namespace', namespace];
    const { stdout } = await runProgram({
      command: helm,
      args: [...args, '--kube-context', context, '--output', 'json', '--timeout', '60s'],
      env: { ...env, KUBECONFIG: kubeconfig },
      timeoutMilliseconds: TIMEOUT,
    });
    const { version } = z.object({ version: z.int() }).parse(JSON.parse(stdout));
    return { chart: version === 1 ? 'installed' : 'upgraded' };
  };
}

export interface Context {
  readonly name: string;
  readonly cluster: string;
}

/**
 * The context that means `cluster`: called so, for a cluster called so, or with the ARN that `aws eks update-kubeconfig` writes.
 * @throws naming the contexts there are.
 */
export function findContext(contexts: readonly Context[], cluster: string): string {
  const means = (name: string) => name === cluster || name.endsWith(`:cluster/${cluster}`);
  const found = contexts.find(({ name }) => means(name)) ?? contexts.find((context) => means(context.cluster));
  if (found !== undefined) return found.name;
  const there = contexts.map(({ name }) => name).join(', ') || 'none';
  throw new Error(
    `your kubeconfig has no context for cluster '${cluster}' (it has: ${there}): run 'aws eks update-kubeconfig --name ${cluster}'`,
  );
}

async function contextsOf(paths: string): Promise<Context[]> {
  const files = await Promise.all(paths.split(delimiter).map((path) => readFile(path, 'utf8').catch(() => '')));
  return files.flatMap((text) =>
    (Kubeconfig.parse(parse(text) ?? {}).contexts ?? []).map(({ name, context }) => ({
      name,
      cluster: context.cluster,
    })),
  );
}
