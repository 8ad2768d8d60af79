/** The Action as one file: the same sources make the same bytes, wherever they are bundled. */
import { build, type Metafile, type Plugin } from 'esbuild';
import { REQUIRE } from '../../lib/constructs/function-code.ts';
import type { Generated } from '../generate/generated.ts';
import { ROOT } from '../root.ts';
import { licensesOf } from './licenses-of.ts';

/** `dist/index.js`, the licenses of what is in it, and the word that it is an ES module, for those who copy the folder. */
export async function bundleAction(): Promise<readonly Generated[]> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['action/main.ts'],
    outfile: 'action/dist/index.js',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    plugins: [withoutHttpClient],
    // Readable by whoever reviews what runs with their identity.
    minify: false,
    legalComments: 'none',
    logLevel: 'error',
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild made no file of action/main.ts');
  return [
    { path: 'action/dist/index.js', content: bundle.text },
    { path: 'action/dist/package.json', content: '{ "type": "module" }\n' },
    { path: 'action/dist/licenses.txt', content: await licensesOf(kept(metafile)) },
  ];
}

/** The files of which something is in the bundle. */
function kept({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/** `@actions/core` brings an HTTP client for tokens, which we ask for ourselves: said to have no side effects, it and its undici stay out. */
const withoutHttpClient: Plugin = {
  name: 'without-http-client',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@actions\/http-client/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === 'asked') return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'asked' });
      return { ...found, sideEffects: false };
    });
  },
};
