import { access } from 'node:fs/promises';
import * as z from 'zod';
import { runProgram } from '../../adapters/run-program.ts';
import { NotDone } from '../../contracts/not-done.ts';

/** One context of a kubeconfig, as kubectl understands it. */
export interface KubeContext {
  readonly context: string;
  /** Entry `cluster` of the kubeconfig as it stands: address, CA, proxy. It holds no credentials. */
  readonly cluster: Readonly<Record<string, unknown>>;
  /** Name of the entry that has the credentials. */
  readonly user: string;
}

export interface ReadContext {
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** @default the kubeconfig's current one */
  readonly context?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

const View = z.object({
  clusters: z.array(z.object({ cluster: z.record(z.string(), z.unknown()) })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ user: z.string().default('') }) })).nullish(),
  users: z.array(z.object({ user: z.object({ as: z.string().optional() }) })).nullish(),
});

const KUBECTL_MS = 20_000;

/**
 * The context that is named, else the current one. kubectl reads the file, so that it means what it means to kubectl; of the credentials in it nothing is kept.
 * @throws NotDone in kubectl's words, or for a context that impersonates, which would be lost on the way
 */
export async function readContext({ kubectl, kubeconfig, context, env }: ReadContext): Promise<KubeContext> {
  await access(kubeconfig).catch((cause: unknown) => {
    throw new NotDone(`${kubeconfig} cannot be read: name the kubeconfig of a cluster of your own`, { cause });
  });
  const chosen = context === undefined ? [] : [`--context=${context}`];
  const { stdout } = await runProgram({
    command: kubectl,
    args: [
      'config',
      'view',
      '--minify',
      '--flatten',
      '--raw',
      '--output=json',
      `--kubeconfig=${kubeconfig}`,
      ...chosen,
    ],
    env,
    timeoutMilliseconds: KUBECTL_MS,
  });
  const { clusters, contexts, users } = View.parse(JSON.parse(stdout));
  const [cluster, found] = [clusters?.[0]?.cluster, contexts?.[0]];
  if (cluster === undefined || found === undefined) {
    const which = context === undefined ? 'current context' : `context '${context}' with a cluster`;
    throw new NotDone(`${kubeconfig} has no ${which}: see kubectl config get-contexts`);
  }
  const as = users?.[0]?.user.as;
  if (as !== undefined) {
    throw new NotDone(`context '${found.name}' acts as '${as}': take a context whose own user may impersonate`);
  }
  return { context: found.name, cluster, user: found.context.user };
}
