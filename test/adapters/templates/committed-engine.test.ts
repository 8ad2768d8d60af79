import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { capMemory } from '../../../adapters/templates/cap-memory.ts';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { ENGINE, engineRecipe } from '../../../local/install/build-template-engine.ts';

const committed: unknown = JSON.parse(await readFile(join(ENGINE, '../engine.json'), 'utf8'));
const digest = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('the committed engine', () => {
  test('was built from the committed sources (else: npm run bundle:templates)', async () => {
    expect(committed).toMatchObject(await engineRecipe());
  });

  test('is the one that was built', async () => {
    expect(committed).toMatchObject({ wasm: digest(await packedEngine()) });
  });

  test('has a memory of 256 MiB at most: limiting it to that changes nothing', async () => {
    const module = await packedEngine();
    expect(Buffer.from(capMemory(module, 4096)).equals(module)).toBe(true);
    expect(Buffer.from(capMemory(module, 4095)).equals(module)).toBe(false);
  });

  test('comes with the licenses of Go and of all modules in it', async () => {
    const modules = await readFile(join(ENGINE, 'go.mod'), 'utf8');
    const licenses = await readFile(join(ENGINE, '../engine.licenses.txt'), 'utf8');
    const pinned = [...modules.matchAll(/^\t(\S+ v\S+)/gm)].map(([, module]) => module);
    const named = [...licenses.matchAll(/^== (.+)$/gm)].map(([, module]) => module);
    expect(named.sort()).toEqual([`Go ${(await engineRecipe()).go}`, ...pinned].sort());
  });
});
