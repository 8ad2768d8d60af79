import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { bareEnvironment } from '../process/bare-environment.ts';
import { runToEnd } from '../process/run-to-end.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './ministack-environment.ts';
import { pruneAssemblies } from './prune-assemblies.ts';
import { sourceDigest } from './source-digest.ts';

export interface SynthOptions {
  /** The folder of package.json and cdk.json. */
  readonly root: string;
  /** Cloud assemblies are kept below this folder, one for each state of the sources. */
  readonly cache: string;
  /** What `cdk --context` would be given; wins over cdk.json's. */
  readonly context: Readonly<Record<string, string>>;
  /** Path of the fairlead.yaml to use (context `config`): its bytes count as sources, its place does not. */
  readonly config: string;
  /** PATH, HOME and the like, from the machine. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
}

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

/**
 * The app's cloud assembly for the local AWS, as a folder that `cdk deploy --app FOLDER` takes. Made once for each state of the sources.
 *
 * Runs `node bin/app.ts` the way the CDK's command line would (CDK_OUTDIR and CDK_CONTEXT_JSON are its own protocol), without its two seconds of
 * start and its second synthesis. A finding of cdk-nag ends it, as it would end `cdk synth`.
 */
export async function synthesise(options: SynthOptions): Promise<string> {
  const { root, cache, context, config } = options;
  const extra = [JSON.stringify(context), process.version, await readFile(config, 'utf8')];
  const assemblies = join(cache, 'cdk');
  const name = (await sourceDigest(root, extra)).slice(0, 32);
  const folder = join(assemblies, name);
  if (!(await exists(join(folder, 'manifest.json')))) await make(options, folder);
  // Only disk space hangs on it.
  await pruneAssemblies(assemblies, name).catch(() => undefined);
  return folder;
}

async function make({ root, context, config, env, log }: SynthOptions, folder: string): Promise<void> {
  const cdkJson = CdkJson.parse(JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8')));
  const building = `${folder}.${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    await runToEnd({
      name: 'the synthesis of the CDK app',
      command: process.execPath,
      args: ['bin/app.ts'],
      cwd: root,
      env: {
        ...bareEnvironment(env),
        CDK_OUTDIR: building,
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...context, config }),
        CDK_DEFAULT_ACCOUNT: LOCAL_ACCOUNT,
        CDK_DEFAULT_REGION: LOCAL_REGION,
      },
      log,
      deadlineMs: 180_000,
    });
    await keepFirst(building, folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Two processes may synthesise the same sources at once; whoever is second takes the first's, which is equal. */
async function keepFirst(building: string, folder: string): Promise<void> {
  try {
    await rename(building, folder);
  } catch (error: unknown) {
    if (!(await exists(join(folder, 'manifest.json')))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
