import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, type AssetOptions, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { buildSync, type Metafile } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');
const LAMBDAS = join(ROOT, 'lambdas');

/**
 * What renders templates finds the engine and the thread for it beside its own code: `PACKED_ENGINE` reads the one, and starts the other with it.
 */
const TEMPLATES = join(ROOT, 'adapters/templates');
const PACKED_ENGINE = 'adapters/templates/packed-engine.ts';
const ENGINE = 'engine.wasm.br';
const WORKER = 'engine-worker';

/**
 * `require` for the few CommonJS packages in a bundle: esbuild's stand-in uses it when it is there, and without it the function dies at its start with
 * "Dynamic require of … is not supported" (https://esbuild.github.io/api/#platform).
 */
export const REQUIRE = `import { createRequire as fairleadRequire } from 'node:module'; const require = fairleadRequire(import.meta.url);`;

/**
 * The code of `lambdas/{folder}/index.ts`, and of `build.ts` beside it where builds run it, too: ES modules with all they need, the AWS SDK included, so that
 * what was tested is what runs.
 * The first function that is bundled has all of them bundled, in one run of esbuild, which reads what they share once. Synthesis with the context
 * `aws:cdk:bundling-stacks: []` bundles nothing.
 */
export function functionCode(folder: string): Code {
  return Code.fromAsset(join(LAMBDAS, folder), bundled(folder));
}

/** The same files, for what reads them from S3 by itself. */
export function codeAsset(scope: Construct, id: string, folder: string): Asset {
  return new Asset(scope, id, { path: join(LAMBDAS, folder), ...bundled(folder) });
}

function bundled(folder: string): AssetOptions {
  return {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('scratch'),
      local: {
        tryBundle(outputFolder) {
          writeBundle(folder, outputFolder);
          return true;
        },
      },
    },
  };
}

/** Puts what runs of `lambdas/{folder}` into a folder that is there. */
export function writeBundle(folder: string, outputFolder: string): void {
  bundles ??= bundleAll();
  const files = bundles.get(folder);
  if (files === undefined) throw new Error(`lambdas/${folder} has no index.ts`);
  for (const [name, contents] of files) writeFileSync(join(outputFolder, name), contents);
}

/** `[deploy-release/index, …/index.ts]` and the like, for each way in that the folder has. */
function entriesOf(folder: string): [string, string][] {
  const files = ['index', 'build'].map((entry): [string, string] => [entry, join(LAMBDAS, folder, `${entry}.ts`)]);
  return files.flatMap(([entry, file]) => (existsSync(file) ? [[`${folder}/${entry}`, file]] : []));
}

type Files = Map<string, Uint8Array>;
let bundles: ReadonlyMap<string, Files> | undefined;

/** Every folder's files by name. @throws esbuild's own error, which names file, line and import. */
function bundleAll(): ReadonlyMap<string, Files> {
  const entries = readdirSync(LAMBDAS, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  // Nothing is written there: source maps name their sources as seen from it, so that the same sources make the same bytes, wherever they are synthesised.
  const outdir = join(ROOT, 'bundles');
  const { outputFiles, metafile } = buildSync({
    entryPoints: Object.fromEntries([...folders.flatMap(entriesOf), [WORKER, join(TEMPLATES, `${WORKER}.ts`)]]),
    absWorkingDir: ROOT,
    metafile: true,
    outdir,
    outExtension: { '.js': '.mjs' },
    write: false,
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
  const filesOf = (...path: string[]) => {
    const beginning = join(outdir, ...path);
    return outputFiles.filter((file) => file.path.startsWith(beginning));
  };
  const named = (files: typeof outputFiles) =>
    files.map(({ path, contents }): [string, Uint8Array] => [basename(path), contents]);
  const engine: [string, Uint8Array][] = [
    [ENGINE, readFileSync(join(TEMPLATES, ENGINE))],
    ...named(filesOf(`${WORKER}.mjs`)),
  ];
  return new Map(
    folders.map((folder) => [
      folder,
      new Map([...named(filesOf(folder, '/')), ...(rendersTemplates(metafile, folder) ? engine : [])]),
    ]),
  );
}

function rendersTemplates({ outputs }: Metafile, folder: string): boolean {
  const entries = Object.entries(outputs).filter(([path]) => path.startsWith(`bundles/${folder}/`));
  return entries.some(([, { inputs }]) => PACKED_ENGINE in inputs);
}
