import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ProcessIdentity } from '../process/process-identity.ts';

/** One cluster of a running stack. */
export const StackCluster = z.object({
  name: z.string(),
  /** https URL of the API server. */
  server: z.string(),
  /** base64 of its PEM CA. */
  caData: z.string(),
  /** Path of the admin's kubeconfig; of a cluster of the user's own, several as in KUBECONFIG. */
  kubeconfig: z.string(),
});

export type StackCluster = z.infer<typeof StackCluster>;

/** All that others need to know of a running stack. */
export const RunningStack = z.object({
  /** MiniStack: what AWS_ENDPOINT_URL is set to. */
  endpoint: z.string(),
  region: z.string(),
  account: z.string(),
  /** Base URL of the API; `/packages` and the like follow. */
  api: z.string(),
  /** The CDK app's outputs by name. */
  outputs: z.record(z.string(), z.string()),
  operatorRoleArn: z.string(),
  readerRoleArn: z.string(),
  charts: z.object({ registry: z.string(), plainHttp: z.boolean() }),
  /** The pretend GitHub; `key` is what asks for jobs' variables. */
  github: z.object({ url: z.string(), key: z.string() }),
  clusters: z.array(StackCluster),
  /** Only where the cluster is the user's own. */
  own: z.object({ context: z.string() }).optional(),
  tools: z.object({ helm: z.string(), kubectl: z.string() }),
  /** Folder of the stack's own files. */
  folder: z.string(),
  logs: z.string(),
});
export type RunningStack = z.infer<typeof RunningStack>;

const Base = z.object({
  v: z.literal(1),
  /** Differs for every stack ever started. */
  id: z.string(),
  /** The process that owns all others. */
  keeper: ProcessIdentity,
  startedAt: z.iso.datetime(),
});

/** The file by which other commands find the stack. */
export const StackState = z.discriminatedUnion('phase', [
  Base.extend({ phase: z.literal('starting') }),
  Base.extend({ phase: z.literal('ready'), stack: RunningStack, children: z.array(ProcessIdentity) }),
]);
export type StackState = z.infer<typeof StackState>;

export const stateFile = (folder: string): string => join(folder, 'stack.json');

/** What the folder says, undefined when it says nothing. A file that makes no sense counts as nothing: it is of another version, or half a disk. */
export async function readState(folder: string): Promise<StackState | undefined> {
  try {
    const state = StackState.safeParse(JSON.parse(await readFile(stateFile(folder), 'utf8')));
    return state.success ? state.data : undefined;
  } catch (error: unknown) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes it whole or not at all, readable by its owner only: it holds the key of the pretend GitHub. */
export async function writeState(folder: string, state: StackState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${stateFile(folder)}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify(StackState.parse(state), undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, stateFile(folder));
}

/** Removes the state of stack `id`; leaves that of any other. */
export async function removeState(folder: string, id: string): Promise<void> {
  if ((await readState(folder))?.id === id) await rm(stateFile(folder), { force: true });
}
