import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './run-tool.ts';

export interface VenvOptions {
  /** The Python to make it with. */
  readonly python: string;
  /** Where it is built, and where it is going to be used from. */
  readonly folder: string;
  readonly home: string;
  /** What pip installs: requirements with exact versions, or `-r FILE`. */
  readonly install: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly update: (text: string) => void;
}

const VENV_TIMEOUT_MS = 120_000;
const PIP_TIMEOUT_MS = 600_000;

/** A Python virtual environment with packages from PyPI in it. Its scripts work from `home` only. @throws with pip's own last words. */
export async function createVenv({ python, folder, home, install, env, update }: VenvOptions): Promise<void> {
  update('making a virtual environment');
  await mustRun({ command: python, args: ['-m', 'venv', folder], env, timeoutMs: VENV_TIMEOUT_MS });
  update('installing from PyPI');
  const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', ...install];
  await mustRun({ command: join(folder, 'bin', 'python'), args, env, timeoutMs: PIP_TIMEOUT_MS });
  await moveScripts(join(folder, 'bin'), folder, home);
}

/** pip writes the place of the interpreter into the first line of every script; the environment is going to be moved from there. */
async function moveScripts(bin: string, from: string, to: string): Promise<void> {
  for (const entry of await readdir(bin, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(bin, entry.name);
    const text = await readFile(path, 'latin1');
    if (text.startsWith('#!') && text.includes(from)) await writeFile(path, text.replaceAll(from, to), 'latin1');
  }
}
