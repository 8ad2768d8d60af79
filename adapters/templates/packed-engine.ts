/** The engine as it is committed: `engine.wasm.br`, built by `npm run bundle:templates`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

const unpack = promisify(brotliDecompress);

/** The module's bytes. The file lies beside this one in the repository, and beside the bundled code of a function. */
export async function packedEngine(): Promise<Uint8Array> {
  return unpack(await readFile(join(import.meta.dirname, 'engine.wasm.br')));
}
