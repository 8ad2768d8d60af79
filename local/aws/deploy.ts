import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { bareEnvironment } from '../process/bare-environment.ts';
import { runToEnd } from '../process/run-to-end.ts';
import { LOCAL_REGION, LOCAL_ROOT_CREDENTIALS } from './ministack-environment.ts';

export interface DeployOptions {
  readonly endpoint: string;
  /** The folder of package.json: the CDK's command line comes from its node_modules. */
  readonly root: string;
  /** What `synthesise` answered. */
  readonly assembly: string;
  /** A folder of the stack's own for the outputs and the CDK's caches. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
}

/** Outputs by stack name, then by output name. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

const Outputs = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * Deploys every stack of a synthesised app into a bootstrapped MiniStack, with the CDK's own command line, and answers the outputs.
 * `--method=direct` saves the change set; nothing is asked. Throws with the end of the CDK's output when a resource is refused.
 */
export async function deploy({ endpoint, root, assembly, folder, env, log }: DeployOptions): Promise<StackOutputs> {
  const outputs = join(folder, 'outputs.json');
  await runToEnd({
    name: 'cdk deploy',
    command: process.execPath,
    args: [
      join(root, 'node_modules/aws-cdk/bin/cdk'),
      ...['deploy', '--all', '--app', assembly, '--outputs-file', outputs],
      ...['--require-approval', 'never', '--method', 'direct', '--progress', 'events', '--no-notices', '--ci'],
    ],
    // The CDK looks for a cdk.json where it runs; here it must find none, or it would take its `app`.
    cwd: folder,
    env: {
      ...bareEnvironment(env),
      HOME: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: LOCAL_ROOT_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL_ROOT_CREDENTIALS.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    log,
    deadlineMs: 300_000,
  });
  return Outputs.parse(JSON.parse(await readFile(outputs, 'utf8')));
}
