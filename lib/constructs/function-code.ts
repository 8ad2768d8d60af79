import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');

/**
 * `require` for the few CommonJS packages in a bundle: esbuild's stand-in uses it when it is there, and without it the function dies at its start with
 * "Dynamic require of … is not supported" (https://esbuild.github.io/api/#platform).
 */
const REQUIRE = `import { createRequire as fairleadRequire } from 'node:module'; const require = fairleadRequire(import.meta.url);`;

/**
 * The code of `lambdas/{folder}/index.ts`: one ES module with all it needs, the AWS SDK included, so that what was tested is what runs.
 * Bundled in this process (esbuild's library), which is ten times faster for a dozen functions than a start of its command line for each. Synthesis
 * with the context `aws:cdk:bundling-stacks: []` bundles nothing.
 */
export function functionCode(folder: string): Code {
  const entry = join(LAMBDAS, folder);
  return Code.fromAsset(entry, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('scratch'),
      local: {
        tryBundle(outputFolder) {
          bundle(join(entry, 'index.ts'), outputFolder);
          return true;
        },
      },
    },
  });
}

/** @throws esbuild's own error, which names file, line and import. */
function bundle(entryPoint: string, outputFolder: string): void {
  buildSync({
    entryPoints: [entryPoint],
    outfile: join(outputFolder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The default prefers CommonJS, which brings "Dynamic require" and twice the size for the SDK and Powertools.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
  });
}
