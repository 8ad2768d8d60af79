/** `npm run bundle:templates`: builds the template engine and writes what is committed of it. A test fails when it is stale. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { buildTemplateEngine, engineRecipe } from '../local/install/build-template-engine.ts';
import { cacheFolder } from '../local/install/cache-folder.ts';
import { ensureGo } from '../local/install/ensure-tools.ts';
import { licensesOfEngine } from '../local/install/licenses-of-engine.ts';
import { progressOn } from '../local/progress.ts';
import { ROOT } from './root.ts';

const folder = join(ROOT, 'adapters/templates');
const { env } = process;
const go = await ensureGo({ cache: cacheFolder(env), progress: progressOn(process.stderr), env });
const module = await buildTemplateEngine(go, env);
const params = {
  [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  [constants.BROTLI_PARAM_SIZE_HINT]: module.byteLength,
};
const packed = brotliCompressSync(module, { params });
const wasm = `sha256:${createHash('sha256').update(module).digest('hex')}`;
await writeFile(join(folder, 'engine.wasm.br'), packed);
await writeFile(join(folder, 'engine.licenses.txt'), await licensesOfEngine(go, env));
await writeFile(join(folder, 'engine.json'), `${JSON.stringify({ ...(await engineRecipe()), wasm }, null, 2)}\n`);
console.log(`${Math.ceil(module.byteLength / 1024)} kB, packed ${Math.ceil(packed.byteLength / 1024)} kB, ${wasm}`);
