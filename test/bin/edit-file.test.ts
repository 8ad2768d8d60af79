import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { chmod, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editedFile } from '../../bin/edit-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edit-file-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

/** A script in the editor's place. */
async function script(lines: string): Promise<string> {
  const path = join(folder, 'editor');
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o700);
  return path;
}
const files = async () => (await readdir(folder)).filter((name) => name !== 'editor');

test('the editor gets its own arguments and a file that is the user’s alone, and what it saves is read', async () => {
  const program = await script('shift; stat -c %a "$1" "$(dirname "$1")" > "$1.seen"; cat "$1.seen" >> "$1"');
  const file = await editedFile({ TMPDIR: folder, EDITOR: `${program} --wait` })('/eu/webui-service-helm-values');
  expect(file.path).toMatch(/_eu_webui-service-helm-values\.yaml$/);
  expect(await file.edit('a: 1\n')).toBe('a: 1\n600\n700\n');
  await file.remove();
  expect(await files()).toEqual([]);
});

test('VISUAL goes before EDITOR', async () => {
  const program = await script('echo visual > "$1"');
  const file = await editedFile({ TMPDIR: folder, VISUAL: program, EDITOR: '/nonexistent' })('x');
  expect(await file.edit('')).toBe('visual\n');
});

test('nothing in the variable is read by a shell', async () => {
  const file = await editedFile({ TMPDIR: folder, EDITOR: `/nonexistent;touch ${folder}/pwned` })('x');
  await expect(file.edit('a: 1')).rejects.toThrow(/cannot be started .*: set EDITOR to a program/);
  expect(await files()).not.toContain('pwned');
});

test('an editor that ends badly is told', async () => {
  const file = await editedFile({ TMPDIR: folder, EDITOR: await script('exit 3') })('x');
  await expect(file.edit('a: 1')).rejects.toThrow(/ended with 3: nothing was written/);
});

test('Ctrl-C is the editor’s while it is open, and ours again afterwards, however it ended', async () => {
  const signals = new EventEmitter();
  let heard = 0;
  signals.on('SIGINT', () => {
    heard += 1;
  });
  const editor = await script(`cat < ${join(folder, 'go')}; exit 3`);
  await promisify(execFile)('mkfifo', [join(folder, 'go')]);
  const file = await editedFile({ TMPDIR: folder, EDITOR: editor }, signals as unknown as NodeJS.Process)('x');
  const edited = expect(file.edit('a: 1')).rejects.toThrow(/ended with 3/);
  // The editor waits until somebody opens the other end.
  const go = await open(join(folder, 'go'), 'w');
  expect(signals.emit('SIGINT')).toBe(true);
  expect(heard).toBe(0);
  await go.close();
  await edited;
  signals.emit('SIGINT');
  expect(heard).toBe(1);
  expect(signals.listenerCount('SIGINT')).toBe(1);
});
