/** Builds `adapters/templates/engine.wasm.br` from `adapters/templates/engine`: always the same bytes from the same sources. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capMemory } from '../../adapters/templates/cap-memory.ts';
import { mustRun } from './run-tool.ts';

/** The engine's folder of Go sources. */
export const ENGINE = join(import.meta.dirname, '../../adapters/templates/engine');

const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid='];
/** 256 MiB, in pages of 64 KiB: what all templates of a chart may use. */
const MAX_PAGES = 4096;
const BUILD_TIMEOUT_MS = 10 * 60_000;

/** What the committed binary is a binary of; kept beside it as `engine.json`. */
export interface EngineRecipe {
  /** Go's version, as go.mod says. */
  readonly go: string;
  /** Of all sources and settings: `sha256:…`. */
  readonly sources: string;
}

/** @throws when go.mod names no version */
export async function engineRecipe(): Promise<EngineRecipe> {
  const names = (await readdir(ENGINE)).filter((name) => /(\.go|^go\.(mod|sum))$/.test(name)).sort();
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, MAX_PAGES]));
  for (const name of names) {
    hash.update(`\n${name}\n`).update(await readFile(join(ENGINE, name)));
  }
  const go = /^go (\d+\.\d+\.\d+)$/m.exec(await readFile(join(ENGINE, 'go.mod'), 'utf8'))?.[1];
  if (go === undefined) throw new Error('go.mod of the template engine does not pin a version of Go');
  return { go, sources: `sha256:${hash.digest('hex')}` };
}

/**
 * The module, with a maximum for its memory. A Go of another version fetches the pinned one by itself (https://go.dev/doc/toolchain).
 * @throws with the compiler's words
 */
export async function buildTemplateEngine(
  go: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Uint8Array> {
  const recipe = await engineRecipe();
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-engine-'));
  try {
    const output = join(folder, 'engine.wasm');
    const settings = { GOOS: 'wasip1', GOARCH: 'wasm', CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '', GOWASM: '' };
    await mustRun({
      command: go,
      args: ['build', ...FLAGS, '-o', output, '.'],
      cwd: ENGINE,
      env: { ...env, ...settings, GOTOOLCHAIN: `go${recipe.go}` },
      timeoutMs: BUILD_TIMEOUT_MS,
    });
    return capMemory(await readFile(output), MAX_PAGES);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
