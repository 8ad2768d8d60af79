import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPython } from '../../../local/install/find-python.ts';
import { MachineLacks, machineLacks } from '../../../local/install/require-machine.ts';

let bin: string;
beforeEach(async () => {
  bin = await mkdtemp(join(tmpdir(), 'fairlead-bin-'));
});
afterEach(() => rm(bin, { recursive: true, force: true }));

const program = async (name: string, script: string) => {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
};
const python = { found: true, command: 'python3', version: '3.12.1' } as const;

test('linux on x64 with a python lacks nothing', () => {
  expect(machineLacks({ platform: 'linux', arch: 'x64', python })).toEqual([]);
});

test('all that is missing is named at once', () => {
  const lacks = machineLacks({ platform: 'darwin', arch: 'arm64', python: { found: false, because: 'no python' } });
  expect(lacks).toEqual([expect.stringMatching(/darwin on arm64.*WSL 2/), 'no python']);
  expect(new MachineLacks(lacks).message).toContain('- no python');
});

test('an empty PATH has no python', async () => {
  expect(await findPython({ PATH: bin })).toEqual({
    found: false,
    because: 'python 3.10 or newer with venv is needed: none is on PATH',
  });
});

test('an old python and one without venv are passed over, and a shim that only complains is not a python', async () => {
  await program('python3', 'echo 3.9.18');
  await program('python3.14', 'echo "command not found" >&2; exit 127');
  await program('python3.12', 'echo 3.12.1; exit 1');
  const found = await findPython({ PATH: bin });
  expect(found).toMatchObject({ found: false });
  if (!found.found) {
    expect(found.because).toContain('python3 is 3.9.18');
    expect(found.because).toContain('python3.12 3.12.1 has no venv or ensurepip');
    expect(found.because).not.toContain('3.14');
  }
});

test('a later candidate that serves is taken', async () => {
  await program('python3', 'echo 3.9.18');
  await program('python3.11', 'echo 3.11.7');
  expect(await findPython({ PATH: bin })).toEqual({ found: true, command: 'python3.11', version: '3.11.7' });
});
