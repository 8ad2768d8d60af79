import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Config } from '../../contracts/config.ts';
import { allowLocalRegistry } from '../aws/allow-local-registry.ts';
import { allowMisjudged } from '../aws/allow-misjudged.ts';
import { bootstrap } from '../aws/bootstrap.ts';
import { deploy } from '../aws/deploy.ts';
import type { MiniStack } from '../aws/ministack.ts';
import { patchDropped } from '../aws/patch-dropped.ts';
import { synthesise } from '../aws/synthesise.ts';
import { bothOrNone } from '../process/unless-aborted.ts';
import { during } from './during.ts';
import type { StackStart } from './stack-start.ts';

export interface AppToDeploy {
  readonly config: Config;
  /** Where the functions find the keys of GitHub's tokens. */
  readonly githubKeysUrl: string;
}

/** The CDK app in the stack's MiniStack, from `config`, which is left in the stack's folder for people to see. Answers the app's outputs by name. */
export async function deployApp(
  start: StackStart,
  { endpoint }: MiniStack,
  { config, githubKeysUrl }: AppToDeploy,
): Promise<Readonly<Record<string, string>>> {
  const { options, progress, logs, tools } = start;
  const { root, cache, env, folder } = options;
  const file = join(folder, 'fairlead.yaml');
  await writeFile(file, stringify(config));
  return await during(progress, 'The CDK app', async (step) => {
    step.update('synthesising');
    const context = { helmPath: tools.helm, githubKeysUrl, local: 'true' };
    const made = synthesise({ root, cache, context, config: file, env, log: join(logs, 'synth.log') });
    const [assembly] = await bothOrNone(made, bootstrap(endpoint));
    step.update('deploying');
    const outputs = await deploy({ endpoint, root, assembly, folder, env, log: join(logs, 'deploy.log') });
    await Promise.all(
      Object.keys(outputs).flatMap((stackName) => [
        patchDropped(endpoint, stackName),
        allowMisjudged(endpoint, stackName),
      ]),
    );
    const all: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(outputs));
    if (all['OperatorRoleArn'] !== undefined) await allowLocalRegistry(endpoint, all['OperatorRoleArn']);
    return all;
  });
}
