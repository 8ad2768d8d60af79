/** Opens the user's own editor on a file that nobody else can read. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failed } from '../cli/failure.ts';
import type { Ports } from '../cli/ports.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Signals = Pick<NodeJS.Process, 'listeners' | 'removeListener' | 'on'>;

const EXIT_ERROR = 2;

/** A fresh file for $VISUAL, $EDITOR or vi. `signals` is the process that a terminal tells of Ctrl-C. */
export function editedFile(env: Env, signals: Signals = process): Ports['editedFile'] {
  return async (about) => {
    const folder = await mkdtemp(join(env['TMPDIR'] || tmpdir(), 'fairlead-edit-'));
    const path = join(folder, `${about.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.yaml`);
    return {
      path,
      async edit(text) {
        await writeFile(path, text, { mode: 0o600 });
        await deaf(signals, () => opened(env['VISUAL'] || env['EDITOR'] || 'vi', path));
        return await readFile(path, 'utf8');
      },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  };
}

/**
 * A terminal tells us of Ctrl-C as it tells the editor, whose business it is: many editors take it as a key like any other, and
 * who presses it there wants neither to lose the text nor us to end.
 */
async function deaf(signals: Signals, work: () => Promise<void>): Promise<void> {
  const listeners = signals.listeners('SIGINT');
  const ignore = () => undefined;
  // First ours: without any listener, the signal would end the process.
  signals.on('SIGINT', ignore);
  for (const listener of listeners) signals.removeListener('SIGINT', listener);
  try {
    await work();
  } finally {
    for (const listener of listeners) signals.on('SIGINT', listener);
    signals.removeListener('SIGINT', ignore);
  }
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
