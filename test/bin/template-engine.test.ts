import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildTemplateEngine, ENGINE, engineRecipe } from '../../local/install/build-template-engine.ts';
import { runTool } from '../../local/install/run-tool.ts';

const { go } = await engineRecipe();
const own = await runTool({ command: 'go', args: ['version'], cwd: '/', env: process.env, timeoutMs: 30_000 });

test.skipIf(!own.stdout.includes(`go${go} `))(
  `the committed template engine comes out the same, byte by byte, where Go ${go} is at hand`,
  async () => {
    const built = createHash('sha256').update(await buildTemplateEngine('go', process.env));
    const committed: unknown = JSON.parse(await readFile(join(ENGINE, '../engine.json'), 'utf8'));
    expect(committed).toMatchObject({ wasm: `sha256:${built.digest('hex')}` });
  },
  600_000,
);
