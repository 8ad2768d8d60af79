import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runProgram } from '../../adapters/run-program.ts';
import { REQUIRE, writeBundle } from '../../lib/constructs/function-code.ts';
import { DATA } from '../adapters/templates/conformance/case.ts';

const TEMPLATES = join(import.meta.dirname, '../../adapters/templates');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-code-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the template engine travels with the functions that render templates, and with no other', () => {
  writeBundle('decide-next', folder);
  expect(existsSync(join(folder, 'engine.wasm.br'))).toBe(false);
  expect(existsSync(join(folder, 'engine-worker.mjs'))).toBe(false);
  writeBundle('deploy-release', folder);
  for (const file of ['index.mjs', 'build.mjs', 'engine.wasm.br', 'engine-worker.mjs'])
    expect(existsSync(join(folder, file)), file).toBe(true);
});

test('bundled code beside it renders with nothing else of the repository', async () => {
  writeBundle('deploy-release', folder);
  await build({
    stdin: {
      resolveDir: TEMPLATES,
      loader: 'ts',
      contents: `
        import { packedEngine } from './packed-engine.ts';
        import { templateEngine } from './template-engine.ts';
        const engine = templateEngine({ wasm: packedEngine, deadlineMs: 30_000 });
        const [answer] = await engine.render([{ key: 'k', template: process.argv[2] }], JSON.parse(process.argv[3]));
        process.stdout.write(answer.text);`,
    },
    outfile: join(folder, 'render.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    keepNames: true,
    banner: { js: REQUIRE },
  });
  await writeFile(join(folder, 'package.json'), '{}');
  const ran = await runProgram({
    command: process.execPath,
    args: [join(folder, 'render.mjs'), '{{ subdomain . "x" | upper }}', JSON.stringify(DATA)],
    env: {},
    timeoutMilliseconds: 60_000,
  });
  expect(ran).toMatchObject({ stdout: 'X.DEV.ACME.CLOUD.NAIS.IO' });
});
