import * as z from 'zod';

/** One context of a kubeconfig. */
export const OwnCluster = z.object({
  /** Absolute. */
  file: z.string(),
  /** @default the file's current one */
  context: z.string().optional(),
});
export type OwnCluster = z.output<typeof OwnCluster>;

/** What a stack is started with, in a form that reaches a keeper in another process. */
export const StackOptions = z.object({
  /** Folder of the stack's state and logs: `stateFolder`. */
  folder: z.string(),
  /** `cacheFolder`: tools and synthesised apps. */
  cache: z.string(),
  /** The folder of package.json. */
  root: z.string(),
  /** The `fairlead.yaml` to deploy, absolute; see `localConfig` for what changes on the way. */
  config: z.string(),
  /** Kubernetes clusters to start: `local-1`, `local-2`, … */
  clusters: z.int().min(1).max(8).default(1),
  /** A cluster of the user's own, in place of any of ours. */
  kubeconfig: OwnCluster.optional(),
  /** The user's environment: PATH, HOME, proxies, GOPROXY, PIP_INDEX_URL. */
  env: z.record(z.string(), z.string()),
  /** For MiniStack and all functions on top of their own: `SFN_WAIT_SCALE` in tests. */
  functionsEnv: z.record(z.string(), z.string()).default({}),
});
export type StackOptions = z.input<typeof StackOptions>;
/** With the defaults filled in. */
export type FullStackOptions = z.output<typeof StackOptions>;

/** The folder with one log file for each program of a stack; the functions' are in `functions/`. */
export const logsOf = (folder: string): string => `${folder}/logs`;
