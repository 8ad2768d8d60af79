/** Opens the user's own editor on a file that nobody else can read. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failed } from '../cli/failure.ts';
import type { Ports } from '../cli/ports.ts';

type Env = Readonly<Record<string, string | undefined>>;

const EXIT_ERROR = 2;

/** A fresh file for $VISUAL, $EDITOR or vi. */
export function editedFile(env: Env): Ports['editedFile'] {
  return async (about) => {
    const folder = await mkdtemp(join(env['TMPDIR'] || tmpdir(), 'fairlead-edit-'));
    const path = join(folder, `${about.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.yaml`);
    return {
      path,
      async edit(text) {
        await writeFile(path, text, { mode: 0o600 });
        await opened(env['VISUAL'] || env['EDITOR'] || 'vi', path);
        return await readFile(path, 'utf8');
      },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  };
}

/** `code --wait` is a program and its arguments; no shell reads it. There is no end to how long somebody may edit. */
async function opened(editor: string, path: string): Promise<void> {
  const [program = 'vi', ...args] = editor.trim().split(/\s+/);
  const child = spawn(program, [...args, path], { stdio: 'inherit' });
  const end = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`cannot be started (${error.message}): set EDITOR to a program`));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`));
  });
  if (end !== undefined) throw new Failed(`the editor ${program} ${end}: nothing was written`, EXIT_ERROR);
}
