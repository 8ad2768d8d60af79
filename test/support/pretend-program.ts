import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program of a test's own, and a folder for it that `gone` removes. */
export interface PretendProgram {
  readonly folder: string;
  readonly command: string;
  /** The arguments of every call so far. */
  calls(): Promise<string[][]>;
  gone(): Promise<void>;
}

/** `body` is a script for Node that sees its arguments as `args`; what it is called with is kept. */
export async function pretendProgram(name: string, body: string): Promise<PretendProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-program-'));
  const [command, kept] = [join(folder, name), join(folder, 'calls')];
  const script = [
    `#!${process.execPath}`,
    "const fs = require('node:fs');",
    "const path = require('node:path');",
    'const args = process.argv.slice(2);',
    `fs.appendFileSync(${JSON.stringify(kept)}, JSON.stringify(args) + '\\n');`,
    body,
  ];
  await writeFile(command, script.join('\n'));
  await chmod(command, 0o755);
  return {
    folder,
    command,
    async calls() {
      const text = await readFile(kept, 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    },
    gone: () => rm(folder, { recursive: true, force: true }),
  };
}
